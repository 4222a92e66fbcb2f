// ResearchKit.InteractiveHost <notebook.ipynb> <result.json>: runs the code cells, stops at the first that fails, writes what
// each showed and which assemblies were loaded where.
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using Microsoft.FSharp.Core;
using ResearchKit.InteractiveHost;

string notebook = Path.GetFullPath(args[0]), result = Path.GetFullPath(args[1]);
// The kernel has an F# sub-kernel: by the time a cell runs, the default context holds its FSharp.Core.
_ = FSharpOption<int>.Some(1);
Directory.SetCurrentDirectory(Path.GetDirectoryName(notebook)!);

var kernel = new ScriptKernel();
await kernel.StartAsync();
var cells = new JsonArray();
foreach (JsonNode? cell in JsonNode.Parse(File.ReadAllText(notebook))!["cells"]!.AsArray())
{
    if (cell!["cell_type"]!.GetValue<string>() != "code") continue;
    string code = cell["source"] is JsonArray lines ? string.Concat(lines.Select(l => l!.GetValue<string>())) : cell["source"]!.GetValue<string>();
    JsonObject executed = await kernel.ExecuteAsync(cell["id"]?.GetValue<string>() ?? "", code);
    cells.Add((JsonNode)executed);
    if (executed["error"] is not null) break;
}

var assemblies = new JsonArray();
foreach (AssemblyLoadContext context in AssemblyLoadContext.All)
    foreach (Assembly assembly in context.Assemblies.Where(a => !a.IsDynamic))
        assemblies.Add((JsonNode)new JsonObject
        {
            ["context"] = context == AssemblyLoadContext.Default ? "default" : context.Name ?? "",
            ["name"] = assembly.GetName().Name,
            ["version"] = assembly.GetName().Version!.ToString(),
            ["path"] = assembly.Location,
        });
File.WriteAllText(result, new JsonObject { ["cells"] = cells, ["assemblies"] = assemblies }.ToJsonString());
return cells.Any(c => c!["error"] is not null) ? 1 : 0;
