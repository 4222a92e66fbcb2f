using System.Text.Json;
using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>Collects what one notebook records: points <see cref="Claims"/> to a file, and reads it back.</summary>
internal sealed class ClaimsFile : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"researchkit-claims-{Guid.NewGuid():n}.jsonl");
    private readonly string? before = Environment.GetEnvironmentVariable(Claims.FileVariable);

    public ClaimsFile() => Environment.SetEnvironmentVariable(Claims.FileVariable, path);

    public string FilePath => path;

    /// <summary>The records, in order.</summary>
    /// <param name="problem">A line that is no record: the table would then miss a row, so it counts as a failure.</param>
    public IReadOnlyList<Claim> Read(out string? problem)
    {
        problem = null;
        var claims = new List<Claim>();
        if (!File.Exists(path)) return claims;
        foreach (string line in File.ReadLines(path))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                claims.Add(Claim.FromJson(line));
            }
            catch (JsonException e)
            {
                problem ??= $"A record of a claim cannot be read: {e.Message}";
            }
        }
        return claims;
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Claims.FileVariable, before);
        File.Delete(path);
    }
}
