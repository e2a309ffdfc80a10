using System.Xml;
using FluentValidation;

namespace ECommerce.Features.Common.Validation;

/// <summary>Rules for texts that end up in pages, mails and XML documents.</summary>
internal static class TextRules
{
    /// <summary>One line: no control characters, and none that XML does not allow.</summary>
    public static IRuleBuilderOptions<T, string?> PlainText<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(static text => text is null || IsPlain(text))
            .WithMessage("must not contain control characters.");

    /// <summary>Whether a text is one line without characters that XML does not allow.</summary>
    public static bool IsPlain(string text) => IsXml(text) && !text.Any(char.IsControl);

    /// <summary>Several lines: line breaks and tabs are allowed, other control characters are not.</summary>
    public static IRuleBuilderOptions<T, string?> Lines<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(static text => text is null || IsXml(text)
            && !text.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            .WithMessage("must not contain control characters.");

    /// <summary>A text without spaces and control characters, such as an e-mail address.</summary>
    public static IRuleBuilderOptions<T, string?> NoSpaces<T>(this IRuleBuilder<T, string?> rule) =>
        rule.PlainText().Must(static text => text is null || !text.Any(char.IsWhiteSpace))
            .WithMessage("must not contain spaces.");

    /// <summary>
    /// The address of a web page with or without <c>http(s)://</c>; no other scheme, such as <c>javascript:</c>.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> Website<T>(this IRuleBuilder<T, string?> rule) =>
        rule.NoSpaces().Must(static text => string.IsNullOrEmpty(text) || IsWebsite(text))
            .WithMessage("must be the address of a website.");

    private static bool IsWebsite(string text) =>
        Uri.TryCreate(
            text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}", UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0 && uri.Host.Contains('.', StringComparison.Ordinal);

    private static bool IsXml(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (XmlConvert.IsXmlChar(text[index]))
                continue;
            if (index + 1 == text.Length || !XmlConvert.IsXmlSurrogatePair(text[index + 1], text[index]))
                return false;
            index++;
        }
        return true;
    }
}
