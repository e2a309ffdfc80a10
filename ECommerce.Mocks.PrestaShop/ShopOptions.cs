using System.ComponentModel.DataAnnotations;

namespace ECommerce.Mocks.PrestaShop;

/// <summary>
/// What the mock serves and how it behaves; from the command line (<c>--seed 7</c>), the environment or appsettings.
/// </summary>
internal sealed class ShopOptions
{
    public const string DemoKey = "DEMOKEYDEMOKEYDEMOKEYDEMOKEY1234";

    /// <summary>The webservice key.</summary>
    [RegularExpression("^[A-Z0-9]{32}$", ErrorMessage = "key: a webservice key is 32 characters of A-Z and 0-9")]
    public string Key { get; set; } = DemoKey;

    /// <summary>Same seed and sizes, same shop.</summary>
    public int Seed { get; set; } = 1;

    [Range(1, 100_000)]
    public int Products { get; set; } = 800;

    [Range(1, 1_000_000)]
    public int Customers { get; set; } = 2_000;

    [Range(1, 1_000_000)]
    public int Addresses { get; set; } = 3_000;

    [Range(0, 1_000_000)]
    public int Orders { get; set; } = 5_000;

    /// <summary>
    /// Languages of the generated shop: 1 (Italian) or 2 (and English). With one, translated fields are plain strings.
    /// </summary>
    [Range(1, 2)]
    public int Languages { get; set; } = 2;

    /// <summary>A folder of dumps to serve instead of a generated shop.</summary>
    public string? Data { get; set; }

    /// <summary>The version whose manners to have: 1.6, 1.7, 8.0, 8.2 or 9.0.</summary>
    [RegularExpression(@"^(1\.6|1\.7|8\.0|8\.2|9\.0)$", ErrorMessage = "profile: 1.6, 1.7, 8.0, 8.2 or 9.0")]
    public string Profile { get; set; } = "8.2";

    /// <summary>Numbers and nulls as such instead of as strings, as PHP 8.1 with PrestaShop 8.0 does.</summary>
    public bool NativeTypes { get; set; }

    /// <summary>Resources the key may not use, parted by commas.</summary>
    public string Deny { get; set; } = "";

    /// <summary>The webservice switched off in the back office.</summary>
    public bool Disabled { get; set; }

    /// <summary>The shop's zone: its dates are local and carry none.</summary>
    public string Zone { get; set; } = "Europe/Rome";

    public string Version => Profile switch
    {
        "1.6" => "1.6.1.24",
        "1.7" => "1.7.8.11",
        "8.0" => "8.0.5",
        "9.0" => "9.0.0",
        _ => "8.2.1",
    };

    /// <summary>Version 1.6 lacks fields that came later.</summary>
    public bool IsFirst => Profile == "1.6";

    /// <summary>Before version 8.</summary>
    public bool IsOld => Profile is "1.6" or "1.7";

    /// <summary>PrestaShop 8 leaves "0", "" and null out of the JSON of a single object.</summary>
    public bool DropsFalsyMembers => !IsOld;

    /// <summary>Numbers as such: by the option, and as PHP 8.4 with version 9 does.</summary>
    public bool HasNativeTypes => NativeTypes || Profile == "9.0";

    public bool IsDenied(string resource) => Deny.Split(',', StringSplitOptions.TrimEntries).Contains(resource);
}
