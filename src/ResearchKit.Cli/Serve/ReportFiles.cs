using System.Text;

namespace ResearchKit.Cli;

/// <summary>The files of a report as the server gives them out: those of the folder, no others.</summary>
internal sealed class ReportFiles(string folder)
{
    private const string Controls = "<link rel=\"stylesheet\" href=\"/-/serve.css\"><script src=\"/-/serve.js\" defer></script>";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".ipynb"] = "application/x-ipynb+json",
        [".json"] = "application/json",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".csv"] = "text/csv; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
    };

    /// <summary>Content and type of a file; null if there is none of that name, or if it is not one to give out.</summary>
    /// <param name="path">The decoded path of the address, "/" for the index.</param>
    public (byte[] Content, string Type)? Find(string path)
    {
        string name = path == "/" ? "index.html" : path.TrimStart('/');
        // The report is a flat folder: whatever names another one is no file of it.
        if (name.Length == 0 || name[0] == '.' || name.AsSpan().IndexOfAny("/\\:\0") >= 0) return null;
        if (!s_types.TryGetValue(Path.GetExtension(name), out string? type)) return null;
        var file = new FileInfo(Path.Combine(folder, name));
        if (!file.Exists || file.LinkTarget is not null) return null;
        byte[] content = File.ReadAllBytes(file.FullName);
        return (type.StartsWith("text/html", StringComparison.Ordinal) ? WithControls(content) : content, type);
    }

    /// <summary>The page on disk opens without a server; buttons are added to what is served.</summary>
    private static byte[] WithControls(byte[] page)
    {
        string html = Encoding.UTF8.GetString(page);
        int head = html.IndexOf("</head>", StringComparison.OrdinalIgnoreCase);
        return head < 0 ? page : Encoding.UTF8.GetBytes(html.Insert(head, Controls));
    }
}
