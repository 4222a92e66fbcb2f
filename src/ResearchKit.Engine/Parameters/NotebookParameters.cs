using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ResearchKit.Engine;

/// <summary>
/// Parameters by papermill's convention: the variables declared in the cell that is tagged
/// <c>parameters</c> (or begins with the line <c>// parameters</c>) can be set by the caller. A
/// cell of assignments, tagged <c>injected-parameters</c>, is put after it.
/// </summary>
public static class NotebookParameters
{
    /// <summary>The tag of the cell that declares the parameters.</summary>
    public const string ParametersTag = "parameters";

    /// <summary>The tag of the cell that sets them.</summary>
    public const string InjectedTag = "injected-parameters";

    /// <summary>The parameters of a notebook, in order; none if it has no parameters cell.</summary>
    /// <param name="notebook">The notebook.</param>
    public static IReadOnlyList<NotebookParameter> Find(Notebook notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        return notebook.Cells.Find(IsParameters) is { } cell ? Declared(cell.Source) : [];
    }

    /// <summary>Splits "name=value".</summary>
    /// <param name="assignment">The text; the value may contain further equals signs.</param>
    /// <exception cref="NotebookParameterException">There is no name or no equals sign.</exception>
    public static KeyValuePair<string, string> ParseAssignment(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        var name = equals > 0 ? assignment[..equals].Trim() : "";
        return SyntaxFacts.IsValidIdentifier(name)
            ? new(name, assignment[(equals + 1)..])
            : throw new NotebookParameterException($"'{assignment}' is not a parameter: write name=value, for example seed=7.");
    }

    /// <summary>A copy of the notebook with parameters set; the notebook itself if there are none to set.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="values">Names and values, as text in the invariant culture.</param>
    /// <exception cref="NotebookParameterException">A name is unknown or a value does not fit its type.</exception>
    public static Notebook Apply(Notebook notebook, IReadOnlyCollection<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            return notebook;

        var known = Find(notebook);
        var lines = new List<string> { "// injected parameters" };
        foreach (var (name, value) in values)
            lines.Add(Assignment(notebook, known, name, value));

        var copy = notebook.Clone();
        copy.Cells.RemoveAll(c => c.Tags.Contains(InjectedTag));
        var cell = new NotebookCell(CellKind.Code, string.Join('\n', lines), InjectedTag);
        cell.Metadata["tags"] = new System.Text.Json.Nodes.JsonArray(InjectedTag);
        copy.Cells.Insert(copy.Cells.FindIndex(IsParameters) + 1, cell);
        return copy;
    }

    internal static bool IsParameters(NotebookCell cell) =>
        cell.Kind == CellKind.Code
        && (cell.Tags.Contains(ParametersTag) || IsParametersComment(cell.Source.Split('\n', 2)[0]));

    private static bool IsParametersComment(string line)
    {
        line = line.Trim();
        return line.StartsWith("//", StringComparison.Ordinal)
            && line.TrimStart('/').Trim().TrimEnd(':', '.').Equals("parameters", StringComparison.OrdinalIgnoreCase);
    }

    private static string Assignment(Notebook notebook, IReadOnlyList<NotebookParameter> known, string name, string value)
    {
        var file = Path.GetFileName(notebook.Path) ?? "The notebook";
        if (known.Count == 0)
            throw new NotebookParameterException($"{file} has no parameters, so '{name}' cannot be set. A parameters cell begins with the line '// parameters'.");
        var parameter = known.FirstOrDefault(p => p.Name == name)
            ?? throw new NotebookParameterException($"{file} has no parameter '{name}'. It has: {string.Join("; ", known)}.");
        if (parameter.IsConstant)
            throw new NotebookParameterException($"The parameter '{name}' of {file} is declared const or readonly and cannot be set. Declare it as a plain variable.");
        if (!ParameterLiteral.IsSupported(parameter.TypeName))
            throw new NotebookParameterException($"The parameter '{name}' of {file} has the type {parameter.TypeName}, which cannot be set from outside. Numbers, bool, string and their arrays can.");
        var literal = ParameterLiteral.Convert(parameter.TypeName, value)
            ?? throw new NotebookParameterException($"The parameter '{name}' of {file} expects {Expected(parameter.TypeName)}, but '{value}' is not one. Its default is {parameter.Default}.");
        return $"{name} = {literal};";
    }

    private static string Expected(string type) => type switch
    {
        "bool" => "a bool (true or false)",
        "int" or "uint" or "ulong" => $"an {type}",
        _ when type.EndsWith("[]", StringComparison.Ordinal) => $"a {type} written [a, b, c]",
        _ => $"a {type}",
    };

    private static List<NotebookParameter> Declared(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest));
        var parameters = new List<NotebookParameter>();
        foreach (var field in tree.GetCompilationUnitRoot().Members.OfType<FieldDeclarationSyntax>())
        {
            bool constant = field.Modifiers.Any(m => m.Kind() is SyntaxKind.ConstKeyword or SyntaxKind.ReadOnlyKeyword);
            foreach (var variable in field.Declaration.Variables)
            {
                var initial = variable.Initializer?.Value;
                var type = field.Declaration.Type.IsVar ? Infer(initial) : field.Declaration.Type.ToString().Replace(" ", "", StringComparison.Ordinal);
                parameters.Add(new NotebookParameter(Identifier(variable), type, initial?.ToString() ?? "", Comment(field))
                {
                    IsConstant = constant,
                });
            }
        }

        return parameters;

        static string Identifier(VariableDeclaratorSyntax v) => v.Identifier.ValueText;
    }

    /// <summary>The type of <c>var x = literal;</c>, from the literal.</summary>
    private static string Infer(ExpressionSyntax? value) => value switch
    {
        LiteralExpressionSyntax literal => literal.Token.Value switch
        {
            int => "int",
            uint => "uint",
            long => "long",
            ulong => "ulong",
            double => "double",
            float => "float",
            decimal => "decimal",
            bool => "bool",
            string => "string",
            _ => "var",
        },
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus => Infer(minus.Operand),
        ParenthesizedExpressionSyntax inner => Infer(inner.Expression),
        InterpolatedStringExpressionSyntax => "string",
        ArrayCreationExpressionSyntax array => array.Type.ElementType + "[]",
        ImplicitArrayCreationExpressionSyntax { Initializer.Expressions: [var first, ..] all } =>
            // One double among ints makes an array of doubles.
            (all.Any(e => Infer(e) == "double") ? "double" : Infer(first)) + "[]",
        BinaryExpressionSyntax binary => Infer(binary.Left) is "double" || Infer(binary.Right) is "double" ? "double" : Infer(binary.Left),
        _ => "var",
    };

    private static string Comment(FieldDeclarationSyntax field)
    {
        var after = field.GetTrailingTrivia().FirstOrDefault(t => t.IsKind(SyntaxKind.SingleLineCommentTrivia));
        if (after != default)
            return Text(after);
        var above = field.GetLeadingTrivia().LastOrDefault(t => t.IsKind(SyntaxKind.SingleLineCommentTrivia));
        return above == default || IsParametersComment(above.ToString()) ? "" : Text(above);

        static string Text(SyntaxTrivia comment) => comment.ToString().TrimStart('/').Trim();
    }
}
