using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace ResearchKit.InteractiveHost;

/// <summary>
/// Executes cells as .NET Interactive's C# kernel does: one chain of scripts with the compiler's own assembly loader,
/// C# 14, the kernel's default usings, and <c>#r</c> relative to the working folder, which is the notebook's.
/// </summary>
internal sealed partial class ScriptKernel
{
    private static readonly MethodInfo s_hasReturnValue =
        typeof(Script).GetMethod("HasReturnValue", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly ScriptOptions _options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.CSharp14)
        .AddImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
        .AddReferences(typeof(Enumerable).Assembly, typeof(IEnumerable<>).Assembly, typeof(Task<>).Assembly,
            typeof(Microsoft.DotNet.Interactive.Kernel).Assembly, typeof(PocketView).Assembly)
        .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(Directory.GetCurrentDirectory()))
        .WithSourceResolver(new SourceFileResolver([], Directory.GetCurrentDirectory()));

    private ScriptState? _state;

    /// <summary>What the kernel submits before the first cell.</summary>
    public Task StartAsync() => RunAsync($"using static {typeof(Microsoft.DotNet.Interactive.Kernel).FullName};");

    /// <summary>Executes a cell.</summary>
    /// <returns>Its outputs, what it wrote, and its error if it failed.</returns>
    public async Task<JsonObject> ExecuteAsync(string id, string code)
    {
        CellOutputs outputs = CellOutputs.Current = new CellOutputs();
        TextWriter console = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        string? error = null;
        try
        {
            await RunAsync(TimeMagic().Replace(code, ""));
            if ((bool)s_hasReturnValue.Invoke(_state!.Script, null)!) outputs.Add(_state.ReturnValue);
        }
        catch (Exception e)
        {
            error = e.ToString();
        }
        finally
        {
            Console.SetOut(console);
        }

        return new JsonObject { ["id"] = id, ["outputs"] = outputs.Items, ["console"] = written.ToString(), ["error"] = error };
    }

    private async Task RunAsync(string code) =>
        _state = _state is null ? await CSharpScript.RunAsync(code, _options) : await _state.ContinueWithAsync(code, _options);

    [GeneratedRegex("^#!time\\s*$", RegexOptions.Multiline)]
    private static partial Regex TimeMagic();
}
