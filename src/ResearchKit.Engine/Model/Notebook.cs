using System.Text;
using System.Text.Json.Nodes;

namespace ResearchKit.Engine;

/// <summary>A Jupyter notebook, nbformat version 4, in memory.</summary>
/// <remarks>
/// Metadata that this engine does not know is kept as found. Cells without an id (before
/// nbformat 4.5) get one, and the notebook is then written as 4.5.
/// </remarks>
public sealed class Notebook
{
    /// <summary>The minor version from which cells have ids.</summary>
    internal const int MinorWithIds = 5;

    /// <summary>The file it was read from, as a full path; null for a notebook made in memory.</summary>
    public string? Path { get; init; }

    /// <summary>The minor version of the format: 5 in "4.5".</summary>
    public int FormatMinor { get; init; } = MinorWithIds;

    /// <summary>The notebook's metadata as found in the file, unknown members included.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>The cells, in order.</summary>
    public List<NotebookCell> Cells { get; } = [];

    /// <summary>Spaces per level when written: as in the file that was read, else 1 as Jupyter writes.</summary>
    public int Indent { get; init; } = 1;

    /// <summary>
    /// The first heading of the first Markdown cell that has one, else the name of the file
    /// without its ending.
    /// </summary>
    public string Title
    {
        get
        {
            foreach (var cell in Cells.Where(c => c.Kind == CellKind.Markdown))
            {
                foreach (var line in cell.Source.Split('\n'))
                {
                    if (line.StartsWith("# ", StringComparison.Ordinal))
                        return line[2..].Trim();
                }
            }

            return System.IO.Path.GetFileNameWithoutExtension(Path) ?? "Notebook";
        }
    }

    /// <summary>Reads a notebook.</summary>
    /// <param name="path">The <c>.ipynb</c> file.</param>
    /// <exception cref="NotebookFormatException">The file is missing or is not a version 4 notebook.</exception>
    public static Notebook Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotebookFormatException(path, "does not exist", "Check the path; it is taken relative to " + Directory.GetCurrentDirectory() + ".", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new NotebookFormatException(path, "cannot be read: " + e.Message.TrimEnd('.'), "Check that it is a file and that you may read it.", e);
        }

        return NotebookReader.Read(text, path);
    }

    /// <summary>Reads a notebook from text.</summary>
    /// <param name="json">The content of an <c>.ipynb</c> file.</param>
    /// <param name="path">The name used in messages and as <see cref="Path"/>.</param>
    /// <exception cref="NotebookFormatException">The text is not a version 4 notebook.</exception>
    public static Notebook Parse(string json, string path = "notebook.ipynb")
    {
        ArgumentNullException.ThrowIfNull(json);
        return NotebookReader.Read(json, path);
    }

    /// <summary>Writes the notebook, all or nothing: to a file beside the target, then moved over it.</summary>
    /// <param name="path">The file to write; its folder is created if missing.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, ToJson());
    }

    /// <summary>The text of the notebook's file, as Jupyter writes it, with a final line feed.</summary>
    public string ToJson() => NotebookWriter.Write(this);

    /// <summary>A copy that shares nothing with this notebook.</summary>
    public Notebook Clone()
    {
        var copy = new Notebook
        {
            Path = Path,
            FormatMinor = FormatMinor,
            Metadata = (JsonObject)Metadata.DeepClone(),
            Indent = Indent,
        };
        copy.Cells.AddRange(Cells.Select(c => c.Clone()));
        return copy;
    }
}

/// <summary>Writes a text file so that a reader sees the old content or the new, never a part.</summary>
internal static class AtomicFile
{
    public static void Write(string path, string content)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var temporary = full + "." + Guid.NewGuid().ToString("n")[..8] + ".tmp";
        try
        {
            File.WriteAllText(temporary, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
