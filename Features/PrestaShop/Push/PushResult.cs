using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Push;

/// <summary>What one attempt came to.</summary>
internal abstract record PushResult
{
    /// <summary>The shop has the state.</summary>
    /// <param name="HistoryId">The row that this push has made there; null for another's, or if not known.</param>
    /// <param name="At">When, by the shop's clock.</param>
    public sealed record Done(long? HistoryId, DateTime? At) : PushResult
    {
        /// <summary>The row of the shop's history that is this push's.</summary>
        public static Done By(ShopRow row) =>
            row.IsPresent ? new Done(Read(row, static row => row.Long("id")), TimeOf(row)) : new Done(null, null);

        /// <summary>The shop was in the state before.</summary>
        public static Done Already(ShopRow row) => new(null, TimeOf(row));

        private static DateTime? TimeOf(ShopRow row) => Read(row, static row => row.Time("date_add"));

        private static T? Read<T>(ShopRow row, Func<ShopRow, T?> read)
            where T : struct
        {
            try
            {
                return read(row);
            }
            catch (RowRejectedException)
            {
                return null;
            }
        }
    }

    /// <summary>The shop does not take it. IsUnknown: an earlier attempt's outcome still is.</summary>
    public sealed record Refused(string Error, TimeSpan Pause, bool IsUnknown) : PushResult;

    /// <summary>The shop could not be asked, or has not worked at it.</summary>
    public sealed record Deferred(string Error, TimeSpan Pause, bool IsUnknown) : PushResult;

    /// <summary>The shop may still be working at it: its history tells, once it cannot be any more.</summary>
    public sealed record Unknown(string Error, TimeSpan Pause) : PushResult;

    /// <summary>Another node works at it now, or it was cancelled.</summary>
    public sealed record Lost : PushResult;
}
