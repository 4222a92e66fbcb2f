namespace ResearchKit.Cli;

/// <summary>Folders and file names for results.</summary>
internal static class OutputFolder
{
    /// <summary>Creates the folder and makes sure that files can be written there, before hours are spent on their content.</summary>
    public static string Create(string folder)
    {
        if (File.Exists(folder))
            throw new CliException($"'{folder}' is a file; a folder is needed for the results.", "Choose another --output.");
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".probe-{Guid.NewGuid():n}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CliException($"'{folder}' cannot be written to: {e.Message}", "Check the permissions, or choose another --output.", e);
        }
        return folder;
    }

    /// <summary>Writes a file beside the target and moves it over, so that a reader never sees a part.</summary>
    public static void WriteAtomically(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Guid.NewGuid().ToString("n")[..8]}.tmp";
        try
        {
            using (FileStream stream = File.Create(temporary)) write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public static void WriteTextAtomically(string path, string text) =>
        WriteAtomically(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}

/// <summary>Gives notebooks of the same name in different folders different names in one output folder.</summary>
internal sealed class NameChooser
{
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);

    public string Choose(string name)
    {
        string choice = name;
        for (int i = 2; !taken.Add(choice); i++) choice = $"{name}-{i}";
        return choice;
    }
}
