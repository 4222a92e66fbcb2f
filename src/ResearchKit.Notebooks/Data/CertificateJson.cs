using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ResearchKit.Notebooks;

/// <summary>How certificates become JSON, everywhere the same.</summary>
public static class CertificateJson
{
    /// <summary>Indented, camel case, names of enumerations; strict JSON has no NaN, so such numbers are written as words.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>A certificate, or another record of plain values.</summary>
    /// <param name="certificate">The record.</param>
    public static JsonNode? Of<T>(T certificate) => JsonSerializer.SerializeToNode(certificate, Options);
}
