using System.Text.Json;

namespace ResearchKit.Notebooks;

/// <summary>A real data set that is not kept in the repository.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="File">The file's name, in every folder that is looked in.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Source">Where it comes from, and whom to cite.</param>
/// <param name="Licence">Terms of use, as far as the source states them.</param>
/// <param name="Url">Where the very bytes of this entry can be downloaded; null where no such place is known.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record DatasetEntry(string Name, string File, string Description, string Source, string Licence, Uri? Url, long Bytes, string Sha256);

/// <summary>The real data sets that the project knows: datasets/catalogue.json.</summary>
public sealed class DatasetCatalogue
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private DatasetCatalogue(IReadOnlyList<DatasetEntry> entries) => Entries = entries;

    /// <summary>All entries.</summary>
    public IReadOnlyList<DatasetEntry> Entries { get; }

    /// <summary>The entry of a name, or of a file name.</summary>
    /// <param name="name">Such as california-housing.</param>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public DatasetEntry this[string name] => Entries.FirstOrDefault(e => e.Name == name || e.File == name)
        ?? throw new ArgumentException($"There is no data set '{name}' in the catalogue; there are {string.Join(", ", Entries.Select(e => $"'{e.Name}'"))}.", nameof(name));

    /// <summary>The project's own.</summary>
    /// <exception cref="DataFileException">The file is damaged.</exception>
    public static DatasetCatalogue Read() => Read(Path.Combine(Paths.Datasets, "catalogue.json"));

    /// <summary>Any catalogue.</summary>
    /// <param name="path">A JSON list of entries.</param>
    /// <exception cref="DataFileException">It is no such list, or an entry is incomplete.</exception>
    public static DatasetCatalogue Read(string path)
    {
        const string Remedy = "Restore it from the repository.";
        try
        {
            var entries = JsonSerializer.Deserialize<List<DatasetEntry>>(System.IO.File.ReadAllText(path), s_json) ?? [];
            foreach (DatasetEntry e in entries)
            {
                if (new[] { e.Name, e.File, e.Description, e.Source, e.Licence }.Any(string.IsNullOrWhiteSpace) || e.Bytes < 1
                    || e.Sha256 is not { Length: 64 } || !e.Sha256.All(char.IsAsciiHexDigit) || Path.GetFileName(e.File) != e.File)
                    throw new DataFileException(path, "the entry is incomplete, or its file name or SHA-256 is none", Remedy, value: e.Name);
            }

            if (entries.GroupBy(e => e.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new DataFileException(path, "the name stands twice", Remedy, value: twice.Key);
            return new(entries);
        }
        catch (Exception e) when (e is JsonException or IOException and not DataFileException or UnauthorizedAccessException)
        {
            throw new DataFileException(path, "the catalogue cannot be read (" + e.Message.TrimEnd('.') + ")", Remedy, inner: e);
        }
    }
}
