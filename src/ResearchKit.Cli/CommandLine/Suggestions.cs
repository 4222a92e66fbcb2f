namespace ResearchKit.Cli;

/// <summary>Near matches for a mistyped name.</summary>
internal static class Suggestions
{
    /// <summary>The names that are close to what was typed, nearest first, at most three.</summary>
    public static IReadOnlyList<string> For(string typed, IEnumerable<string> names)
    {
        string t = typed.ToUpperInvariant();
        int length = t.TrimStart('-').Length;
        // Any one letter is one edit from any other: for such names only the case may differ.
        int allowed = length < 2 ? 0 : Math.Min(3, length / 2);
        return [.. names.Distinct()
            .Select(name => (name, distance: DistanceTo(t, name.ToUpperInvariant())))
            .Where(c => c.distance <= allowed)
            .OrderBy(c => c.distance).ThenBy(c => c.name, StringComparer.Ordinal)
            .Take(3).Select(c => c.name)];
    }

    /// <summary>"Did you mean 'a' or 'b'?", or null.</summary>
    public static string? Question(string typed, IEnumerable<string> names)
    {
        IReadOnlyList<string> near = For(typed, names);
        return near.Count == 0 ? null : $"Did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
    }

    private static int DistanceTo(string typed, string name)
    {
        // What was typed may be the beginning or a part of a long column name.
        if (typed.Length >= 3 && name.Contains(typed, StringComparison.Ordinal)) return 1;
        return Distance(typed, name);
    }

    /// <summary>Edit distance with insertions, deletions, replacements and swaps of neighbours.</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
