using ECommerce.Caching.Http;
using ECommerce.Features.Common.Settings;

namespace ECommerce.Features.Settings;

/// <summary>A setting with its type, its bounds and its value, which is the default unless it is set.</summary>
/// <remarks>The value of a secret is never shown. A setting that was never written has version 0.</remarks>
internal sealed record SettingDetails(
    string Key, string Type, object? Value, object? Default, bool IsSet, bool IsSecret, string Description,
    object? Minimum, object? Maximum, int? MaxLength, IReadOnlyList<string>? Choices, long RowVersion,
    DateTime? ChangedAt) : IVersioned
{
    public static SettingDetails From(Setting setting, StoredSetting? stored)
    {
        var isSet = stored is { IsSet: true };
        return new SettingDetails(
            setting.Name, setting.Type, setting.IsSecret ? null : setting.Read(isSet ? stored!.Value : null),
            setting.DefaultValue, isSet, setting.IsSecret, setting.Description, setting.Minimum, setting.Maximum,
            setting.MaxLength, setting.Choices, stored?.RowVersion ?? 0, stored?.ChangedAt);
    }
}
