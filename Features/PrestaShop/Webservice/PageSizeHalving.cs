namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// The page size of a paged read, and the pause before a page is read again. A page that exceeds a limit of the shop is
/// read again in a quarter of the size, down to a single row; the size grows again with each page that succeeds.
/// </summary>
internal sealed class PageSizeHalving(int size)
{
    private const int Step = 4;
    private const int MaxAttemptsAtOneRow = 3;
    private const int MaxConnectionAttempts = 5;
    private const int MaxLargePages = 4;

    // With the time of the last attempt, a shop that sends endless bodies ends its run within a minute.
    private static readonly TimeSpan MaxTimeLost = TimeSpan.FromSeconds(22);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private int _largest = size;
    private int _failures;
    private int _failuresAtOneRow;
    private int _largePages;
    private TimeSpan _timeLost;

    /// <summary>Rows per request.</summary>
    public int Size { get; private set; } = size;

    /// <summary>
    /// The pause before the page is read again, in the size that is now set; null when another attempt is of no use.
    /// </summary>
    public TimeSpan? NextAttempt(PrestaShopException failure)
    {
        _failures++;
        switch (failure.Fault)
        {
            case ShopFault.Final:
                return null;
            case ShopFault.Unreachable:
                return _failures < MaxConnectionAttempts ? Pause(TimeSpan.FromMilliseconds(250)) : null;
            case ShopFault.TooLarge or ShopFault.TooSlow:
                _timeLost += failure.Elapsed;
                if (++_largePages >= MaxLargePages || _timeLost > MaxTimeLost || Size == 1)
                    return null;
                _largest = Size = Math.Max(1, Size / Step);
                return TimeSpan.Zero;
            default:
                if (Size == 1 && ++_failuresAtOneRow >= MaxAttemptsAtOneRow)
                    return null;
                Size = Math.Max(1, Size / Step);
                return Pause(TimeSpan.FromMilliseconds(failure.Fault == ShopFault.Unreadable ? 20 : 150));
        }
    }

    public void Succeed()
    {
        Size = Math.Min(_largest, 2 * Size);
        _failures = _failuresAtOneRow = _largePages = 0;
        _timeLost = TimeSpan.Zero;
    }

    /// <summary>The one row that failed is left out; the rows after it are read as before it.</summary>
    public void SkipRow()
    {
        Succeed();
        Size = _largest;
    }

    private TimeSpan Pause(TimeSpan first)
    {
        var pause = first * Math.Pow(2, _failures - 1);
        return pause < LongestPause ? pause : LongestPause;
    }
}
