using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>
/// Customers and their addresses. Every twelfth customer is a guest with the e-mail of an earlier customer.
/// </summary>
internal sealed class CustomerGenerator(ShopOptions options)
{
    private readonly record struct Person(string First, string Last, bool IsWoman, string Email);

    public IEnumerable<Table> Generate() =>
    [
        new(Schemas.Known["customers"], Enumerable.Range(1, options.Customers).Select(Customer)),
        new(Schemas.Known["addresses"], Enumerable.Range(1, options.Addresses).Select(Address)),
    ];

    private static string SecureKey(int seed, int customer) => Rng.For(seed, "secure_key", customer).Hex(32);

    /// <summary>
    /// Customers come in the order of their ids over the shop's life, so that an order's customer is there before it.
    /// </summary>
    private DateTime Registered(int customer) =>
        ShopGenerator.Opened
            + (ShopGenerator.BaseDate - ShopGenerator.Opened) * (customer / (double)(options.Customers + 1));

    private static bool IsGuest(int customer) => customer > 12 && customer % 12 == 5;

    private Person PersonOf(int customer)
    {
        // The guest is the person of seven customers earlier.
        var id = IsGuest(customer) ? customer - 7 : customer;
        var rng = Rng.For(options.Seed, "customers", id);
        var isWoman = rng.Chance(50);
        var (first, last) = (rng.Pick(isWoman ? Italian.Women : Italian.Men), rng.Pick(Italian.Surnames));
        return new(first, last, isWoman, $"{Texts.Slug(first)}.{Texts.Slug(last)}.{id}@posta.example");
    }

    private bool IsCompany(int customer) => Rng.For(options.Seed, "company", customer).Chance(9);

    private Row Customer(int id)
    {
        var person = PersonOf(id);
        var rng = Rng.For(options.Seed, "customers.more", id);
        var registered = Registered(id);
        return new RowBuilder(Schemas.Known["customers"], id)
            .Set("id_default_group", IsGuest(id) ? 2 : 3).Set("id_lang", 1).Set("last_passwd_gen", registered)
            .Set("secure_key", SecureKey(options.Seed, id))
            .Set("passwd", "$2y$10$NotAPasswordHashOnlyAPlaceholderOfItsLength0000000000000")
            .Set("lastname", person.Last).Set("firstname", person.First).Set("email", person.Email)
            .Set("id_gender", person.IsWoman ? 2 : 1)
            .Set(
                "birthday", rng.Chance(40)
                    ? $"{rng.Between(1950, 2005):0000}-{rng.Between(1, 13):00}-{rng.Between(1, 29):00}"
                    : "0000-00-00")
            .Set("newsletter", rng.Chance(30)).Set("optin", rng.Chance(10))
            .Set("company", IsCompany(id) ? CompanyName(id, person) : "")
            .Set("outstanding_allow_amount", 0m).Set("active", true).Set("deleted", rng.Chance(1))
            .Set("is_guest", IsGuest(id))
            .Set("note", rng.Chance(3) ? "Preferisce la consegna dopo le 18; citofono \"Papà\"" : "")
            .Set("id_shop", 1).Set("id_shop_group", 1).Set("date_add", registered)
            .Set("date_upd", registered + rng.Time(0, 20))
            .Associate("groups", [[IsGuest(id) ? "2" : "3"]])
            .Build();
    }

    private Row Address(int id)
    {
        var customer = (id - 1) % options.Customers + 1;
        var person = PersonOf(customer);
        var rng = Rng.For(options.Seed, "addresses", id);
        var city = rng.Pick(Italian.Cities);
        var added = Registered(customer) + TimeSpan.FromMinutes(id > options.Customers ? rng.Between(1000, 20000) : 2);
        var isCompany = IsCompany(customer);
        return new RowBuilder(Schemas.Known["addresses"], id)
            .Set("id_customer", customer).Set("id_country", 10)
            .Set("id_state", city.Name switch { "Milano" => 181, "Roma" => 207, "Torino" => 215, _ => 0 })
            .Set("alias", id > options.Customers ? "Ufficio" : "Casa")
            .Set("company", isCompany ? CompanyName(customer, person) : "")
            .Set("vat_number", isCompany ? $"IT{VatNumber(customer)}" : "")
            .Set("dni", isCompany ? "" : TaxCodeOf(customer, person))
            .Set("lastname", person.Last).Set("firstname", person.First)
            .Set("address1", $"{rng.Pick(Italian.Streets)}, {rng.Between(1, 200)}")
            .Set("address2", rng.Chance(20) ? $"Scala B, int. {rng.Between(1, 30)}" : "")
            .Set("postcode", city.Postcode).Set("city", city.Name)
            .Set("phone", rng.Chance(50) ? $"{city.Prefix}{rng.Between(100000, 999999)}" : "")
            .Set("phone_mobile", $"3{rng.Between(20, 94)}{rng.Between(1000000, 9999999)}")
            // Orders keep pointing at an address that its owner deleted.
            .Set("deleted", rng.Chance(5)).Set("date_add", added).Set("date_upd", added + rng.Time(0, 10))
            .Build();
    }

    /// <summary>Empty for one in three: not every shop asks for it.</summary>
    private string TaxCodeOf(int customer, Person person)
    {
        var rng = Rng.For(options.Seed, "tax_code", customer);
        var birth = new DateOnly(rng.Between(1950, 2005), rng.Between(1, 13), rng.Between(1, 29));
        return rng.Chance(67) ? TaxCode.Of(person.First, person.Last, person.IsWoman, birth, "L219") : "";
    }

    private string CompanyName(int customer, Person person) =>
        string.Format(null, Rng.For(options.Seed, "company.name", customer).Pick(Italian.Companies), person.Last);

    /// <summary>Eleven digits, the last a check digit.</summary>
    private static string VatNumber(int customer)
    {
        var digits = $"{customer % 10000000:0000000}063";
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[i] - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
        }

        return $"{digits}{(10 - sum % 10) % 10}";
    }
}
