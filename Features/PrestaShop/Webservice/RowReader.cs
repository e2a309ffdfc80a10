using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Reads the rows of a list one by one, in slices: each row is a small document, and between the slices other work of
/// the process gets its turn.
/// </summary>
internal sealed class RowReader(string listName, ReadOnlyMemory<byte> json, ShopClock clock, int limit)
{
    private const int SliceBytes = 128 << 10;

    private readonly List<ShopRow> _rows = [];
    private JsonReaderState _state;
    private int _consumed;
    private bool _isInList;
    private bool _hasList;

    /// <summary>
    /// The rows, at most one more than the limit: what is behind it is not looked at. Null when the document has no
    /// such list.
    /// </summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public async ValueTask<IReadOnlyList<ShopRow>?> ReadAsync()
    {
        while (!ReadSlice())
            await Task.Yield();
        return _hasList ? _rows : null;
    }

    /// <summary>Whether the document has ended.</summary>
    private bool ReadSlice()
    {
        var reader = new Utf8JsonReader(json.Span[_consumed..], isFinalBlock: true, _state);
        if (_consumed == 0 && !_hasList && IsOver(ref reader))
            return true;
        while (reader.Read())
        {
            if (_isInList && reader.TokenType == JsonTokenType.EndArray)
            {
                _isInList = false;
            }
            else if (_isInList)
            {
                _rows.Add(new ShopRow(JsonElement.ParseValue(ref reader), new RowNotes(clock)));
                if (_rows.Count > limit)
                    return true;
                if (reader.BytesConsumed > SliceBytes)
                {
                    _consumed += (int)reader.BytesConsumed;
                    _state = reader.CurrentState;
                    return false;
                }
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }
            else
            {
                ReadMember(ref reader);
            }
        }
        return true;
    }

    // The first token: a list that is empty is a bare array.
    private bool IsOver(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            _hasList = reader.TokenType == JsonTokenType.EndArray;
            return true;
        }
        return reader.TokenType != JsonTokenType.StartObject;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        var isList = reader.ValueTextEquals(listName);
        reader.Read();
        if (isList && reader.TokenType == JsonTokenType.StartArray)
            _isInList = _hasList = true;
        else
            reader.Skip();
    }
}
