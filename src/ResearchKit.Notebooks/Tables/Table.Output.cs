using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Data.Analysis;

namespace ResearchKit.Notebooks;

public sealed partial class Table
{
    // Text keeps the page's own colour; verdicts tint the ground, which reads on light and on dark pages alike.
    private const string Css = ".rk-table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.8em 0;font-size:.95em}"
        + ".rk-table th,.rk-table td{padding:.25em .55em;border:0;border-bottom:1px solid rgba(128,128,128,.25);background:none;white-space:nowrap}"
        + ".rk-table thead th{white-space:normal;border-bottom:2px solid rgba(128,128,128,.6);font-weight:600}.rk-table .n{text-align:right}.rk-table .t{text-align:left}"
        + ".rk-table td.w{white-space:normal;min-width:18em}"
        + ".rk-table td.pass{background:rgba(0,158,115,.2)}.rk-table td.fail{background:rgba(213,94,0,.24)}"
        + ".rk-table .more{opacity:.7;font-style:italic;text-align:left}.rk-table caption{caption-side:bottom;text-align:left;opacity:.75;padding:.5em 0;font-size:.92em}";

    // Sentences wrap; numbers and names stay on one line.
    private const int LongText = 48;

    private enum Cell { Plain, Pass, Fail }

    private int ShownRows => (int)Math.Min(Frame.Rows.Count, _limit);

    private string More => Frame.Rows.Count > ShownRows
        ? Frame.Rows.Count - ShownRows == 1 ? "1 more row" : $"{NumberText.Integer(Frame.Rows.Count - ShownRows)} more rows" : "";

    /// <summary>The table as an HTML fragment that takes the page's colours.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder($"<style>{Css}</style><table class=\"rk-table\">");
        if (_caption.Length > 0) html.Append($"<caption>{WebUtility.HtmlEncode(_caption)}</caption>");
        html.Append("<thead><tr>");
        foreach (DataFrameColumn c in Frame.Columns) html.Append($"<th scope=\"col\" class=\"{(IsRight(c) ? 'n' : 't')}\">{WebUtility.HtmlEncode(c.Name)}</th>");
        html.Append("</tr></thead><tbody>");
        for (int r = 0; r < ShownRows; r++)
        {
            html.Append("<tr>");
            foreach (DataFrameColumn c in Frame.Columns)
            {
                var (text, number, verdict) = Show(c, r);
                string kind = (IsRight(c) ? "n" : "t") + (number is null && text.Length > LongText ? " w" : "") + (verdict == Cell.Plain ? "" : verdict == Cell.Pass ? " pass" : " fail");
                string content = number is { } n ? n.ToHtml() + WebUtility.HtmlEncode(text) : WebUtility.HtmlEncode(text);
                html.Append($"<td class=\"{kind}\">{content}</td>");
            }

            html.Append("</tr>");
        }

        if (More.Length > 0) html.Append($"<tr><td class=\"more\" colspan=\"{Frame.Columns.Count}\">… {More}</td></tr>");
        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>The table as aligned plain text.</summary>
    public override string ToString()
    {
        var columns = Frame.Columns.Select(c => (Column: c, Lines: Enumerable.Range(0, ShownRows).Select(r => Text(Show(c, r))).Prepend(c.Name).ToArray())).ToList();
        var text = new StringBuilder();
        for (int line = 0; line <= ShownRows; line++)
        {
            var cells = columns.Select(c =>
            {
                int width = c.Lines.Max(l => l.Length);
                return IsRight(c.Column) ? c.Lines[line].PadLeft(width) : c.Lines[line].PadRight(width);
            });
            text.AppendJoin("  ", cells);
            while (text.Length > 0 && text[^1] == ' ') text.Length--;
            text.Append('\n');
            if (line == 0) text.AppendJoin("  ", columns.Select(c => new string('-', c.Lines.Max(l => l.Length)))).Append('\n');
        }

        if (More.Length > 0) text.Append("... ").Append(More).Append('\n');
        if (_caption.Length > 0) text.Append(_caption).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>Writes all rows with their full digits; the file appears whole or not at all.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <returns>This table.</returns>
    public Table SaveCsv(string path)
    {
        SafeFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(string.Join(',', Frame.Columns.Select(c => CsvData.Field(c.Name))));
            for (long r = 0; r < Frame.Rows.Count; r++)
                writer.WriteLine(string.Join(',', Frame.Columns.Select(c => CsvData.Field(Convert.ToString(c[r], CultureInfo.InvariantCulture) ?? ""))));
        });
        return this;
    }

    private static bool IsRight(DataFrameColumn column) => column.IsNumericColumn();

    private static string Text((string Text, NumberText? Number, Cell Verdict) cell) => cell.Number + cell.Text;

    /// <summary>A cell's text after its number, the number, and the verdict on it.</summary>
    private (string Text, NumberText? Number, Cell Verdict) Show(DataFrameColumn column, int row)
    {
        object? value = column[row];
        if (value is null) return ("–", null, Cell.Plain);
        bool? passed = _verdicts.TryGetValue(column.Name, out var verdict) ? verdict(value) : null;
        Cell cell = passed switch { null => Cell.Plain, true => Cell.Pass, false => Cell.Fail };
        string sign = passed switch { null => "", true => " ✓", false => " ✗" };
        int digits = _digits.GetValueOrDefault(column.Name, _defaultDigits);
        return value switch
        {
            bool b when passed is not null => (b ? "✓ pass" : "✗ fail", null, cell),
            bool b => (b ? "yes" : "no", null, cell),
            sbyte or byte or short or ushort or int or uint or long => (sign, NumberText.Integer(Convert.ToInt64(value, CultureInfo.InvariantCulture)), cell),
            double or float or decimal or ulong => (sign, NumberText.Of(Convert.ToDouble(value, CultureInfo.InvariantCulture), digits), cell),
            _ => (Convert.ToString(value, CultureInfo.InvariantCulture) + sign, null, cell),
        };
    }
}
