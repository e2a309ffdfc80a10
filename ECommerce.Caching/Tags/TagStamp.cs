namespace ECommerce.Caching.Tags;

/// <summary>
/// A tag an entry carries, with the highest number that Redis had issued, as far as the node knew, before the entry's
/// value was read: invalidations of the tag up to that number are in the value. Zero: not known, so not to be kept in
/// Redis.
/// </summary>
internal readonly record struct TagStamp(TagState State, long Sequence);
