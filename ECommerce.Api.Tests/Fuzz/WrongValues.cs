namespace ECommerce.Api.Tests.Fuzz;

/// <summary>Values that break programs: extremes, control characters, swapped types, malformed text.</summary>
internal static class WrongValues
{
    public static readonly string[] PathIds =
        ["0", "-1", "+1", "%201", "1%20", "1.5", "1e0", "0x1", "01", "abc", "2147483648", "9223372036854775807",
            "9223372036854775808", "%D9%A1", "1%00", "%00", "a%00b", "%FF", "%C0%AF", "%ED%A0%80", "%", "%2", "%zz",
            "%2F", "..", "%2E%2E", "..%2F..%2Fetc", ".", "1;x=1", "1,2", "*", "%25", "%0D%0AX:1", "%F0%9F%9A%80",
            new('9', 500)];

    public static readonly string[] QueryValues =
        ["", "0", "-1", "+1", "%201", "501", "1.5", "1e2", "2147483648", "9223372036854775808", "99999999999999999999",
            "9999-12-31", "0001-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00%2B14:00", "2026-02-30",
            "24:00", "%00", "a%00b", "%0D%0A", "%27%22%3B--", "%F0%9F%9A%80", "%ED%A0%80", "%FF%FE", "%C0%AF", "%",
            "%zz", "%25%2A%5B_", "NaN", "1e400", "1,,x", ",", "1,1,1", "true", "TRUE", "null", "[]", "%EF%BF%BE",
            "%E2%80%AE", "%C3%9F", "%C4%B0", new('9', 400), new('a', 3000)];

    public static readonly string[] PathEnds = ["/", "//", "%00", "/..", "/.", "%2F", ";", "/x", "%20", "."];

    public static readonly string[] Queries =
        ["x=1", "%00=1", "page", "=", "&&", "a[]=1", "page=1&page=2", "%zz=%zz", "PAGE=2", "limit=1&LIMIT=2"];

    /// <summary>JSON texts: each is put where a value of the body was.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "[]", "{}", "[null]", "{\"a\":1}", "[[1]]", "\"\"", "\" \"", "\"x\"", "\"null\"",
        // Numbers at and over the ends of every type.
        "0", "-0", "1", "-1", "2", "0.1", "0.005", "1.005", "22.0004", "22.0005", "99.9995", "99.999999", "100",
        "100.0001", "1e2", "1E+2", "1.0", "100000000", "100000000.01", "1e8", "1e10", "1e400", "-1e400", "1e-28",
        "0.0000001", "0.0000005", "2147483647", "2147483648", "-2147483648", "9223372036854775807",
        "9223372036854775808", "79228162514264337593543950335", "79228162514264337593543950336",
        "0.00000000000000000000000000000000001", "12345678901234567890.123456789",
        // Numbers and others as texts.
        "\"1\"", "\"1.5\"", "\"true\"", "\"NaN\"", "\"Infinity\"", "\"9999-12-31\"",
        // Control characters, in the body as escapes.
        "\"a\\u0000b\"", "\"\\u0000\"", "\"\\u0001\"", "\"a\\r\\nb\"", "\"12345678\\n\"", "\"1234567890123\\n\"",
        "\"KEY\\n\"", "\"a\\tb\"", "\"\\u001b[31m\"", "\"\\u007f\"", "\"\\u0085\"", "\"x\\u2028y\"",
        // Unicode.
        "\"\\ud83d\\ude80\"", "\"\\ud800\"", "\"\\udc00x\"", "\"x\\ud83d\"", "\"\\ufffe\"", "\"\\uffff\"",
        "\"\\ufeffx\"", "\"\\u202etxt\"", "\"\\u200b\"", "\"\\u00a0\"", "\"e\\u0301\"", "\"\\u00df\\u0130\\u0131\"",
        "\"\\udbff\\udfff\"", "\"x  \"", "\"  x\"", "\"%_\\\\\"", "\"' OR 1=1 --\"", "\"<script>&amp;\"", "\"\\/\"",
        "\"javascript:alert(1)\"", "\"http://a b\"", "\"HTTP://EXAMPLE.com/\"", "\"http://x/////\"",
        "\" http://x\"", "\"http://x/\\n\"", "\"http:///\"",
        "\"https://пример.example\"", "\"a@b\"", "\"a@b@c\"", "\"x@\\ud83d\\ude80.example\"", "\"Ada.B+c@Ex.example\"",
        // Lengths at and over the ends of the columns.
        Text('x', 13), Text('1', 13), Text('1', 14), Text('x', 32), Text('x', 33), Text('x', 64), Text('x', 65),
        Text('x', 128), Text('x', 129), Text('x', 255), Text('x', 256), Text('é', 255), Text('€', 255),
        Repeated("\\ud83d\\ude80", 127), Repeated("\\ud83d\\ude80", 128), Text('x', 1000), Text('é', 4000),
        Text('x', 4001), Text('x', 70_000), $"\"https://{new string('x', 250)}.example\"",
        // Structures.
        Nested('[', ']', 20), Nested('[', ']', 70), Nested('[', ']', 5000), Objects(30), Objects(70),
    ];

    /// <summary>What is no JSON at all.</summary>
    public static readonly string[] Malformed =
        ["@", "01", "+1", ".5", "1.", "0x10", "NaN", "'a'", "\"a", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "\"a\0b\"",
            "[1,]", "{,}", "tru", "/**/1", "1 2", "}"];

    public static readonly string[] IfMatch =
        ["*", "\"0-a\"", "1", "\"\"", "\"-\"", "W/\"1-a\"", "\"x", "\"1-a\", ,", "\"99999999999999999999-a\"", "\"é\""];

    public static readonly string[] IfNoneMatch = ["*", "\"a\"", "a", ",", "\"x", "W/\"\"", "\"a\",\"b\""];

    public static readonly string[] IdempotencyKeys =
        ["", " ", "k k", new('k', 65), "ké"];

    private static string Text(char c, int length) => $"\"{new string(c, length)}\"";

    private static string Repeated(string text, int count) => $"\"{string.Concat(Enumerable.Repeat(text, count))}\"";

    private static string Nested(char open, char close, int depth) =>
        new string(open, depth) + new string(close, depth);

    private static string Objects(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
}
