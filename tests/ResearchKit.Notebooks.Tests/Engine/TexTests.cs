using System.Xml.Linq;
using ResearchKit.Engine;

namespace ResearchKit.Notebooks.Tests.Engine;

/// <summary>Formulas as MathML.</summary>
public class TexTests
{
    [Theory]
    [InlineData("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData("x^12", "<msup><mi>x</mi><mn>1</mn></msup><mn>2</mn>")]
    [InlineData("d'", "<msup><mi>d</mi><mo>′</mo></msup>")]
    [InlineData("d'^2", "<msup><mi>d</mi><mrow><mo>′</mo><mn>2</mn></mrow></msup>")]
    [InlineData(@"\frac{a}{2}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></mfrac>")]
    [InlineData(@"a \le b < c", "<mi>a</mi><mo stretchy=\"false\">≤</mo><mi>b</mi><mo>&lt;</mo><mi>c</mi>")]
    [InlineData(@"\alpha\Omega", "<mi>α</mi><mi mathvariant=\"normal\">Ω</mi>")]
    [InlineData(@"\mathbb{R}^m", "<msup><mi>ℝ</mi><mi>m</mi></msup>")]
    [InlineData(@"\sqrt[3]{x}", "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>")]
    [InlineData(@"\text{if } 1.5", "<mtext>if\u00a0</mtext><mn>1.5</mn>")]
    [InlineData(@"\hat{x}", "<mover accent=\"true\"><mrow><mi>x</mi></mrow><mo stretchy=\"false\">^</mo></mover>")]
    public void A_formula_becomes_mathml(string tex, string expected) =>
        Assert.Contains($"<mrow>{expected}</mrow><annotation", TexConverter.ToHtml(tex, display: false), StringComparison.Ordinal);

    [Fact]
    public void Limits_stand_below_in_a_display_and_beside_in_a_line()
    {
        Assert.Contains("<munderover><mo>∑</mo>", TexConverter.ToHtml(@"\sum_{i=1}^{d} w_i", display: true), StringComparison.Ordinal);
        Assert.Contains("<msubsup><mo>∑</mo>", TexConverter.ToHtml(@"\sum_{i=1}^{d} w_i", display: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\left( \frac{1}{2} \right)^2 \quad \log_2 d")]
    [InlineData(@"N = \binom{m+k}{k}, \quad \|f - g\|_\infty \leq C d^{-(k+1)/m}")]
    [InlineData(@"\begin{pmatrix} a & b \\ c & d \end{pmatrix}")]
    [InlineData(@"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}")]
    [InlineData(@"\{ x \in \mathcal{D} \mid x \ge 0 \}")]
    [InlineData(@"L(\theta) = \exp(-\alpha^\prime d^{\sqrt[m]{\log d}})")]
    public void Every_formula_is_well_formed(string tex)
    {
        var html = TexConverter.ToHtml(tex, display: true);
        Assert.StartsWith("<math display=\"block\">", html, StringComparison.Ordinal);
        var math = XElement.Parse(html.Replace("&nbsp;", " ", StringComparison.Ordinal));
        Assert.Equal(tex, math.Descendants("annotation").Single().Value);
        // Elements with a fixed number of children have just that many.
        Assert.All(math.Descendants().Where(e => e.Name.LocalName is "msub" or "msup" or "mfrac" or "munder" or "mover" or "mroot"), e => Assert.Equal(2, e.Elements().Count()));
        Assert.All(math.Descendants().Where(e => e.Name.LocalName is "msubsup" or "munderover"), e => Assert.Equal(3, e.Elements().Count()));
    }

    [Theory]
    [InlineData(@"\unknowncommand{x}")]
    [InlineData(@"{a")]
    [InlineData(@"a}")]
    [InlineData(@"x^")]
    [InlineData(@"\left( x")]
    [InlineData("\\")]
    [InlineData(@"\begin{tikz}<b>\end{tikz}")]
    public void What_is_not_understood_is_shown_as_its_source(string tex) =>
        Assert.Equal($"<code class=\"tex\">{System.Net.WebUtility.HtmlEncode(tex)}</code>", TexConverter.ToHtml(tex, display: false));

    [Fact]
    public void Deep_nesting_does_not_overflow_the_stack() =>
        Assert.StartsWith("<code", TexConverter.ToHtml(new string('{', 100_000), display: false), StringComparison.Ordinal);

    [Fact]
    public void Dollar_signs_in_markdown_make_formulas()
    {
        var html = new MarkdownRenderer(null).ToHtml("With $d' < d$ points:\n\n$$\n\\sum_i w_i = 1\n$$\n\nand `$x$`; costs 5$ or 6$.");
        Assert.Contains("<math display=\"inline\">", html, StringComparison.Ordinal);
        Assert.Contains("<math display=\"block\">", html, StringComparison.Ordinal);
        Assert.Contains("<code>$x$</code>", html, StringComparison.Ordinal);
        Assert.Contains("costs 5$ or 6$.", html, StringComparison.Ordinal);
    }
}
