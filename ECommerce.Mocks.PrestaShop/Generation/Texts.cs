using ECommerce.Mocks.PrestaShop.Storage;

namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>Texts in the languages of the generated shop: 1 is Italian, 2 English.</summary>
internal sealed class Texts(int languages)
{
    public int Languages => languages;

    public Translation[] Of(string italian, string english) =>
        languages == 1 ? [new(1, italian)] : [new(1, italian), new(2, english)];

    public Translation[] Empty() => Of("", "");

    /// <summary>A name as it stands in an address: "Caffè d'epoca" is "caffe-d-epoca".</summary>
    public static string Slug(string name)
    {
        var plain = Query.SqlText.Fold(name).ToLowerInvariant();
        return string.Join('-', plain.Split([' ', '\'', '.', ',', '&', '/'], StringSplitOptions.RemoveEmptyEntries));
    }
}
