namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// The page size of a paged read. A page that exceeds a time or memory limit of the shop is read again at half the
/// size; a failure at the smallest size is final.
/// </summary>
internal sealed class PageSizeHalving
{
    private const int MaxSize = 500;
    private const int MinSize = 25;

    /// <summary>Rows per request, at first 500.</summary>
    public int Size { get; private set; } = MaxSize;

    /// <summary>
    /// Halves the size for a failure that a smaller page may avoid. Returns false when the failure is final.
    /// </summary>
    public bool TryHalve(PrestaShopException failure)
    {
        if (!failure.MayBeTooMuch || Size == MinSize)
            return false;
        Size = Math.Max(MinSize, Size / 2);
        return true;
    }
}
