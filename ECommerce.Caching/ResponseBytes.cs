using System.ComponentModel;

namespace ECommerce.Caching;

/// <summary>A response as the output-cache middleware serialised it. Nobody writes to it, so all share it; other byte arrays are copied.</summary>
[ImmutableObject(true)]
internal readonly record struct ResponseBytes(byte[] Bytes);
