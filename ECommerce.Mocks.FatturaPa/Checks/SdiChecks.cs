using System.Text.RegularExpressions;
using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa.Sdi;

namespace ECommerce.Mocks.FatturaPa.Checks;

/// <summary>
/// The checks in the order of the SDI: name, duplicate, size, form, content, recipient. A stage with errors ends them.
/// They share no code with the API on purpose: an error in one of them must not hide in the other.
/// </summary>
internal static partial class SdiChecks
{
    private const int MaxBytes = 5 << 20;
    private const int MaxErrors = 50;

    public static IReadOnlyList<SdiError> Find(SdiFile file, XElement? root, SentFiles sent, RegistryLists lists)
    {
        if (!Name().IsMatch(file.Name))
            return [new SdiError("00001", "Nome file non valido")];
        if (!sent.AddFile(file.Name, file.Content))
            return [new SdiError("00002", "Nome file o contenuto già trasmesso")];
        if (file.Content.Length > MaxBytes)
            return [new SdiError("00003", "Le dimensioni del file superano quelle ammesse")];
        if (file.Content.Length == 0)
            return [new SdiError("00106", "File vuoto o corrotto")];
        // A byte order mark, too, is content before the prolog.
        if (root is null || file.Content[0] != '<')
            return [new SdiError("00200", "File non conforme al formato: XML non ben formato")];

        var errors = StructureChecks.Find(root).Take(MaxErrors + 1).ToList();
        if (errors.Count > MaxErrors)
            errors = [.. errors[..(MaxErrors - 1)], new SdiError("00201", "Riscontrati più di 50 errori di formato")];
        if (errors.Count > 0)
            return errors;
        errors =
        [
            .. HeaderChecks.Find(root, lists),
            .. root.All("FatturaElettronicaBody").SelectMany(body => DocumentChecks.Find(root, body, file.ReceivedAt)),
            .. root.All("FatturaElettronicaBody").SelectMany(AmountChecks.Find),
            .. DuplicateChecks.Find(root, sent),
        ];
        return errors.Count > 0 ? errors : [.. HeaderChecks.FindRecipient(root, lists)];
    }

    [GeneratedRegex(@"^[A-Z]{2}[A-Za-z0-9]{1,28}_[A-Za-z0-9]{1,5}\.(xml|xml\.p7m|zip)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
