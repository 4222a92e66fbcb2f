using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ResearchKit.Engine;

/// <summary>Says where in its cells a notebook failed, from compiler diagnostics or a stack trace.</summary>
/// <param name="notebookPath">The full path that the cells' file names begin with.</param>
/// <param name="cellName">The name of the failing cell: "cell 3".</param>
/// <param name="cellFile">Its file name in debug information.</param>
/// <param name="source">Its text.</param>
internal sealed class FailureBuilder(string notebookPath, string cellName, string cellFile, string source)
{
    private readonly string[] _lines = source.Split('\n');

    public CellFailure Magic(int line, string text)
    {
        var name = text.Split(' ', 2)[0];
        var message = $"The magic '{name}' is not known here. Known: {CellMagic.Known}.";
        return At(new CellFailure("MagicError", message, [$"{cellName}, line {line}: {text}"]), line, 1);
    }

    public CellFailure Compilation(IReadOnlyList<Diagnostic> diagnostics, IReadOnlyDictionary<string, string> referenceProblems)
    {
        var errors = diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        var traceback = new List<string>();
        foreach (var error in errors)
        {
            var (place, _, _) = Place(error.Location);
            traceback.Add($"{place}: error {error.Id}: {Message(error)}");
        }

        // A reference that is missing explains every unknown name after it: it goes first.
        var first = errors.FirstOrDefault(IsReference) ?? errors.FirstOrDefault(e => Place(e.Location).Line > 0) ?? errors[0];
        var failure = new CellFailure("CompilationError", $"{first.Id}: {Message(first)}", traceback);
        var (_, line, column) = Place(first.Location);
        return line > 0 ? At(failure, line, column) : failure;

        static bool IsReference(Diagnostic d) => d.Id is "CS0006" or "CS0009";

        string Message(Diagnostic d)
        {
            var text = d.GetMessage(CultureInfo.InvariantCulture);
            if (IsReference(d))
            {
                foreach (var (reference, problem) in referenceProblems)
                {
                    if (text.Contains($"'{reference}'", StringComparison.Ordinal))
                        return problem;
                }
            }

            return text;
        }
    }

    public CellFailure Runtime(Exception exception)
    {
        var shown = Unwrap(exception);
        var traceback = new List<string>();
        (int Line, int Column) place = default;
        for (Exception? e = shown; e is not null; e = e.InnerException)
        {
            traceback.Add((e == shown ? "" : "caused by ") + e.GetType().FullName + ": " + e.Message);
            foreach (var frame in new StackTrace(e, fNeedFileInfo: true).GetFrames())
            {
                if (Describe(frame) is { } line)
                    traceback.Add("   at " + line);
                // The innermost frame of this cell, of the outermost exception that has one.
                if (place.Line == 0 && frame.GetFileName() == cellFile && frame.GetFileLineNumber() > 0)
                    place = (frame.GetFileLineNumber(), frame.GetFileColumnNumber());
            }
        }

        var failure = new CellFailure(shown.GetType().Name, shown.Message, traceback) { Exception = shown };
        return place.Line > 0 ? At(failure, place.Line, Math.Max(1, place.Column)) : failure;
    }

    /// <summary>The exception a cell's author threw, without the wrappers that the runtime puts round it.</summary>
    private static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        _ => exception,
    };

    private string? Describe(StackFrame frame)
    {
        var method = frame.GetMethod();
        var type = method?.DeclaringType;
        if (type?.FullName is { } full
            && (full.StartsWith("Microsoft.CodeAnalysis.", StringComparison.Ordinal)
                || full.StartsWith("Internal.", StringComparison.Ordinal)
                || full.StartsWith("ResearchKit.Engine.", StringComparison.Ordinal)
                || full.StartsWith("System.Runtime.ExceptionServices.", StringComparison.Ordinal)
                || full.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)))
            return null;
        var file = frame.GetFileName();
        var place = file is null ? "" : $" in {ShortName(file)}, line {frame.GetFileLineNumber()}";
        return MemberName(method) is { Length: > 0 } name ? name + place : place.Length > 4 ? place[4..] : null;
    }

    /// <summary>
    /// A method as the author wrote it: "Half" for a function of a cell, "Model.Fit" for a method
    /// of a type made in a cell, nothing for the cell's own statements.
    /// </summary>
    private static string MemberName(MethodBase? method)
    {
        if (method?.DeclaringType?.FullName is not { } type)
            return method?.Name ?? "";
        if (!type.StartsWith("Submission#", StringComparison.Ordinal))
            return type.Replace('+', '.') + "." + method.Name;
        // Lambdas and state machines carry the name of the method they came from in brackets.
        var names = (type.Contains('+', StringComparison.Ordinal) ? type[(type.IndexOf('+', StringComparison.Ordinal) + 1)..] + "+" : "") + method.Name;
        var parts = new List<string>();
        foreach (var part in names.Split('+'))
        {
            int open = part.LastIndexOf('<'), close = part.IndexOf('>', open + 1);
            if (open < 0)
                parts.Add(part);
            else if (close > open + 1 && part[(open + 1)..close] is not "Initialize" and var origin)
                parts.Add(origin);
        }

        if (parts is [.., "MoveNext"])
            parts.RemoveAt(parts.Count - 1);
        return string.Join('.', parts);
    }

    private (string Place, int Line, int Column) Place(Location location)
    {
        if (location.Kind != LocationKind.SourceFile)
            return (cellName, 0, 0);
        var span = location.GetLineSpan();
        int line = span.StartLinePosition.Line + 1, column = span.StartLinePosition.Character + 1;
        return span.Path == cellFile
            ? ($"{cellName}, line {line}, column {column}", line, column)
            : ($"{ShortName(span.Path)}, line {line}, column {column}", 0, 0);
    }

    /// <summary>"cell 3" for a cell, the path from the notebook's folder for a file.</summary>
    private string ShortName(string file)
    {
        if (file == cellFile)
            return cellName;
        if (file.StartsWith(notebookPath + "#", StringComparison.Ordinal))
            return file[(notebookPath.Length + 1)..].Replace('-', ' ');
        return Path.GetRelativePath(Path.GetDirectoryName(notebookPath)!, file) is var near && !near.StartsWith("..", StringComparison.Ordinal)
            ? near
            : Path.GetFileName(file);
    }

    private CellFailure At(CellFailure failure, int line, int column) => failure with
    {
        Line = line,
        Column = column,
        SourceLine = line <= _lines.Length ? _lines[line - 1] : null,
    };
}
