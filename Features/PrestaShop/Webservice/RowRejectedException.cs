namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>A row of a shop cannot be imported. The message names the field and its text.</summary>
internal sealed class RowRejectedException(string message) : Exception(message)
{
    private const int MaxShown = 100;

    public static RowRejectedException Unreadable(string field, string text, string reason) =>
        new($"{field}: \"{Shown(text)}\" {reason}.");

    private static string Shown(string text) =>
        text.Length <= MaxShown ? text : $"{ShopText.Cut(text, MaxShown)}…";
}
