namespace ResearchKit.Notebooks.Tests.Figures;

public sealed class AxisScaleTests
{
    private static string[] Labels(double min, double max, bool log, int target = 6) =>
        [.. new AxisScale(min, max, log, 0, 600).Ticks(target).Select(t => t.Label.ToString())];

    [Fact]
    public void Linear_ticks_are_round() => Assert.Equal(["0", "0.2", "0.4", "0.6", "0.8", "1.0"], Labels(-0.05, 1.05, false));

    [Fact]
    public void Small_numbers_get_powers_of_ten() => Assert.Equal(["0", "1×10⁻⁸", "2×10⁻⁸", "3×10⁻⁸"], Labels(0, 3.2e-8, false, 4));

    [Fact]
    public void Large_numbers_get_powers_of_ten() => Assert.Equal(["0", "5×10⁶", "1×10⁷", "1.5×10⁷"], Labels(0, 1.6e7, false, 4));

    [Fact]
    public void Thousands_are_separated() => Assert.Equal(["0", "20\u2009000", "40\u2009000"], Labels(0, 4.1e4, false, 3));

    [Fact]
    public void Decades_are_powers_of_ten() => Assert.Equal(["10⁻²", "10⁻¹", "1", "10", "10²"], Labels(0.009, 110, true));

    [Fact]
    public void Many_decades_are_thinned_to_multiples() => Assert.Equal(["10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "1"], Labels(1e-16, 2, true));

    [Fact]
    public void Less_than_two_decades_get_ticks_between() => Assert.Equal(["200", "500", "1000"], Labels(150, 1200, true));

    [Fact]
    public void A_value_maps_to_its_pixel()
    {
        var y = new AxisScale(1e-8, 1, true, 400, 0);
        Assert.Equal(400, y[1e-8], 9);
        Assert.Equal(200, y[1e-4], 9);
        Assert.True(double.IsNaN(y[double.NaN]));
    }

    [Fact]
    public void Minor_ticks_fill_decades_and_repeat_no_major_one()
    {
        var scale = new AxisScale(1, 100, true, 0, 1);
        Assert.Equal(16, scale.MinorTicks().Count);
        Assert.DoesNotContain(10, scale.MinorTicks());
    }
}
