namespace ECommerce.Caching.Keys;

/// <summary>
/// Whether a pattern covers some key of a form. A form is a key with <see cref="Segment"/> in the place of a value and,
/// at its end, <see cref="Rest"/> for whatever may follow. It is decided without looking at keys, so that a pattern can
/// be refused, or narrowed, before anything is looked for.
/// </summary>
internal sealed class PatternReach
{
    /// <summary>Stands for one or more characters, none of them a colon.</summary>
    public const char Segment = '\u0001';

    /// <summary>Stands for one or more characters.</summary>
    public const char Rest = '\u0002';

    private const int Nowhere = -1;

    private readonly string _pattern;

    // Of each place of the pattern the one after what stands there, if that can be a character of a value, or any.
    private readonly int[] _afterValue, _afterAny;

    public PatternReach(string pattern)
    {
        _pattern = pattern;
        // A set that none of these is in has characters beyond ASCII, which are written in it.
        char[] candidates = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c).Union(pattern)];
        _afterAny = [.. Enumerable.Range(0, pattern.Length).Select(at => After(at, candidates))];
        var ofValues = Array.FindAll(candidates, static c => c != ':');
        _afterValue = [.. Enumerable.Range(0, pattern.Length).Select(at => After(at, ofValues))];
    }

    /// <summary>Whether some key of the form is covered.</summary>
    public bool Includes(string form)
    {
        // The places of the pattern that can be reached with the part of the form read so far.
        var places = new bool[_pattern.Length + 1];
        Enter(places, 0, null);
        foreach (var c in form)
        {
            places = c switch
            {
                Segment => Repeat(places, _afterValue),
                Rest => Repeat(places, _afterAny),
                _ => Step(places, c),
            };
        }
        return places[^1];
    }

    private int After(int at, char[] candidates)
    {
        foreach (var c in candidates)
        {
            if (GlobPattern.After(_pattern, at, c) is >= 0 and var next)
                return next;
        }
        return Nowhere;
    }

    private bool[] Step(bool[] from, char c)
    {
        var reached = new bool[from.Length];
        for (var at = 0; at < _pattern.Length; at++)
        {
            if (from[at] && (_pattern[at] == '*' ? at : GlobPattern.After(_pattern, at, c)) is >= 0 and var next)
                Enter(reached, next, null);
        }
        return reached;
    }

    private bool[] Repeat(bool[] from, int[] after)
    {
        var reached = new bool[from.Length];
        var waiting = new Stack<int>(Enumerable.Range(0, _pattern.Length).Where(at => from[at]));
        while (waiting.TryPop(out var at))
        {
            if ((_pattern[at] == '*' ? at : after[at]) is >= 0 and var next)
                Enter(reached, next, waiting);
        }
        return reached;
    }

    // A star may also stand for nothing.
    private void Enter(bool[] places, int at, Stack<int>? waiting)
    {
        while (!places[at])
        {
            places[at] = true;
            if (at == _pattern.Length)
                return;
            waiting?.Push(at);
            if (_pattern[at] != '*')
                return;
            at++;
        }
    }
}
