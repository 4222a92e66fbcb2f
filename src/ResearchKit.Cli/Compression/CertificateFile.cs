using System.Text.Json;
using System.Text.Json.Nodes;
using ResearchKit.Notebooks;

namespace ResearchKit.Cli;

/// <summary>The certificate as JSON: what was asked, what was kept as measured, what became of each column.</summary>
internal static class CertificateFile
{
    private static readonly JsonSerializerOptions Options = CertificateJson.Options;

    public static void Write(CompressRequest request, SourceData source, Certificate certificate, AddedColumns added, Verification? verification)
        => Write(request, source.Names, source.Findings, certificate, request.Degree ?? certificate.Degree, added, verification);

    /// <summary>The same for any record of measurements.</summary>
    public static void Write<T>(CompressRequest request, IReadOnlyList<string> names, IReadOnlyList<ColumnFinding> findings, T certificate, int degree, AddedColumns added, Verification? verification)
    {
        var root = new JsonObject
        {
            ["researchkit"] = Versions.OfResearchKit,
            ["created"] = DateTimeOffset.Now.ToString("O"),
            ["input"] = Path.GetFileName(request.Input),
            ["output"] = Path.GetFileName(request.Output),
            ["budget"] = request.Budget,
            ["tolerance"] = request.Tolerance,
            ["degree"] = degree,
            ["standardized"] = request.Standardize,
            ["momentsOnly"] = request.MomentsOnly,
            ["coordinates"] = new JsonArray([.. names.Select(n => (JsonNode)n)]),
            ["rowColumn"] = added.Row,
            ["weightColumn"] = added.Weight,
            ["certificate"] = JsonSerializer.SerializeToNode(certificate, Options),
            ["columns"] = JsonSerializer.SerializeToNode(findings, Options),
        };
        if (verification is not null)
            root["verification"] = new JsonObject
            {
                ["holds"] = verification.Holds,
                ["moments"] = verification.Comparison.Moments,
                ["massResidual"] = JsonSerializer.SerializeToNode(verification.Comparison.MassResidual, Options),
                ["maxResidual"] = JsonSerializer.SerializeToNode(verification.Comparison.MaxResidual, Options),
                ["tolerance"] = Verification.Tolerance,
                ["problems"] = new JsonArray([.. verification.Problems.Select(p => (JsonNode)p)]),
            };
        OutputFolder.WriteTextAtomically(request.Certificate, root.ToJsonString(Options) + "\n");
    }
}
