namespace ECommerce.Mocks.PrestaShop.Generation;

internal readonly record struct City(string Name, string Postcode, string Prefix);

internal readonly record struct CatalogueNoun(
    string Italian, string English, int VatRate, int Category, int FromCents, int ToCents);

/// <summary>Words of the generated shop; accents, apostrophes and double names are there on purpose.</summary>
internal static class Italian
{
    public static IReadOnlyList<string> Women { get; } =
        ["Laura", "Giulia", "Chiara", "Francesca", "Maria Grazia", "Elena", "Sofia", "Niccolò Maria", "Zoë", "Aurora",
            "Beatrice", "Noemi", "Lucia", "Anna", "Rosa", "Desirée"];

    public static IReadOnlyList<string> Men { get; } =
        ["Marco", "Nicolò", "Luca", "Giuseppe", "Andrea", "Matteo", "Pier Paolo", "José", "Davide", "Antonio",
            "Gabriele", "Simone", "Raffaele", "Salvatore", "Ugo", "Tommaso"];

    public static IReadOnlyList<string> Surnames { get; } =
        ["Rossi", "D'Angelo", "Bianchi", "Esposito", "De Luca", "Dell'Acqua", "Nicolò", "Ferrari", "Russo",
            "Lo Presti", "Pellicanò", "Conti", "Sanò", "Galli", "D'Amico", "Marinò", "Greco", "Degl'Innocenti",
            "Moretti", "Fontana", "Caruso", "Papà", "Rizzo", "Villa", "Longo", "Müller", "Gatti", "Dalla Costa",
            "Testa", "Macrì"];

    public static IReadOnlyList<City> Cities { get; } =
    [
        new("Roma", "00184", "06"), new("Milano", "20121", "02"), new("Napoli", "80121", "081"),
        new("Torino", "10121", "011"),
        new("Palermo", "90133", "091"), new("Genova", "16121", "010"), new("Bologna", "40121", "051"),
        new("Firenze", "50122", "055"),
        new("Bari", "70121", "080"), new("Catania", "95124", "095"), new("Venezia", "30124", "041"),
        new("Verona", "37121", "045"),
        new("L'Aquila", "67100", "0862"), new("Forlì", "47121", "0543"), new("Cantù", "22063", "031"),
        new("Reggio nell'Emilia", "42121", "0522"),
        new("Sant'Agata de' Goti", "82019", "0823"), new("Cefalù", "90015", "0921"), new("Aosta", "11100", "0165"),
        new("Bolzano", "39100", "0471"),
    ];

    public static IReadOnlyList<string> Streets { get; } =
        ["Via Chiaia", "Corso Vittorio Emanuele II", "Via dell'Università", "Piazza della Libertà", "Viale Europa",
            "Via San Nicolò", "Largo Sant'Anna", "Via Giuseppe Garibaldi", "Via IV Novembre", "Strada Provinciale 12"];

    public static IReadOnlyList<string> Companies { get; } =
        ["Ferramenta {0} S.r.l.", "{0} & Figli S.n.c.", "Studio {0}", "Caffè {0} S.a.s.", "Impresa Edile {0}"];

    public static IReadOnlyList<string> Manufacturers { get; } =
        ["Luce Demo", "Officina d'Arte", "Casa Serena", "Forno Antico", "Edizioni Vesuvio", "Tessuti Pratò",
            "Cantù Legno", "Ceramiche L'Onda", "Dolce Città", "Carta & Penna", "Verdeblù", "Sapori di Cefalù"];

    public static IReadOnlyList<(string Italian, string English)> Categories { get; } =
        [("Illuminazione", "Lighting"), ("Cucina", "Kitchen"), ("Abbigliamento", "Clothing"), ("Libri", "Books"),
            ("Alimentari", "Food"), ("Arredo", "Furniture"), ("Cartoleria", "Stationery"),
            ("Città e viaggi", "Cities and travel")];

    public static IReadOnlyList<CatalogueNoun> Nouns { get; } =
    [
        new("Lampada", "Lamp", 22, 0, 1990, 14900), new("Caffettiera", "Coffee maker", 22, 1, 1490, 5990),
        new("Maglietta", "T-shirt", 22, 2, 990, 3490),
        new("Libro di ricette", "Cookbook", 4, 3, 890, 3500), new("Olio d'oliva", "Olive oil", 4, 4, 690, 2990),
        new("Miele", "Honey", 10, 4, 450, 1890),
        new("Sedia", "Chair", 22, 5, 3900, 24900), new("Taccuino", "Notebook", 22, 6, 390, 1990),
        new("Guida della città", "City guide", 4, 7, 950, 2400),
        new("Tazza", "Mug", 22, 1, 590, 1790), new("Cioccolato", "Chocolate", 10, 4, 250, 1290),
        new("Felpa", "Sweatshirt", 22, 2, 2490, 6990),
    ];

    public static IReadOnlyList<(string Italian, string English)> Adjectives { get; } =
        [("artigianale", "handmade"), ("d'epoca", "vintage"), ("di qualità", "quality"), ("speciale", "special"),
            ("blu", "blue"), ("dell'Etna", "of Etna"), ("più grande", "larger"), ("della nonna", "grandma's"),
            ("naturale", "natural"), ("tradizionale", "traditional")];
}
