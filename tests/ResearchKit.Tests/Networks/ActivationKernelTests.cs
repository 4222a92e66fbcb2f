using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Networks;

public sealed unsafe class ActivationKernelTests
{
    // z, tanh, tanh', sigmoid, sigmoid', gelu, gelu' to 60 digits by mpmath, rounded to doubles: apart from this code.
    private static readonly double[][] s_references =
    [
        [1e-300, 1e-300, 1.0, 0.5, 0.25, 5e-301, 0.5],
        [-1e-20, -1e-20, 1.0, 0.5, 0.25, -5e-21, 0.5],
        [-0.1, -0.09966799462495582, 0.9900662908474398, 0.47502081252106, 0.24937604019289197, -0.0460172162722971, 0.4204769079752698],
        [0.3, 0.2913126124515909, 0.9151369618266292, 0.574442516811659, 0.24445831169074586, 0.1853734266566858, 0.7323277668271099],
        [-0.62, -0.5511280285381469, 0.6962578961596555, 0.34978145142617295, 0.22743438766437277, -0.16592991395076948, 0.06353483779110887],
        [0.63, 0.5580522155596244, 0.6885777247089946, 0.6524894621927445, 0.22674696392016755, 0.46346120596712315, 0.9417464834047518],
        [0.7517, 0.6361620533863469, 0.5952978418312668, 0.679549007778202, 0.21776215380586314, 0.5817287943274585, 0.9999605043920187],
        [-1.0, -0.7615941559557649, 0.4199743416140261, 0.2689414213699951, 0.19661193324148185, -0.15865525393145705, -0.0833154705876863],
        [2.5, 0.9866142981514303, 0.02659222668316062, 0.9241418199787564, 0.07010371654510816, 2.4844758366855597, 1.037611085908145],
        [-3.75, -0.9988944427261528, 0.0022098922908086417, 0.022977369910025615, 0.022449410382043466, -0.0003315648195030145, -0.0012338165236771164],
        [5.0, 0.9999092042625951, 0.0001815832309438067, 0.9933071490757152, 0.006648056670790155, 4.999998566742141, 1.000007146946002],
        [-8.0, -0.9999997749296758, 4.5014059756372915e-07, 0.0003353501304664781, 0.00033523767075647424, -4.976768459417427e-15, -3.979607261086796e-14],
        [-12.5, -0.9999999999722241, 5.555177545831308e-11, 3.7266392841865614e-06, 3.7266253963462068e-06, -4.665705373597142e-35, -5.831668554480156e-34],
        [-20.0, -1.0, 1.6993417021166355e-17, 2.0611536181902037e-09, 2.061153613941849e-09, -5.507248237212468e-88, -1.1014360483133464e-86],
        [-36.0, -1.0, 2.1520744640084553e-31, 2.3195228302435686e-16, 2.319522830243568e-16, -1.505744663687022e-282, -5.420674359367623e-281],
        [40.0, 1.0, 7.219405551381661e-35, 1.0, 4.248354255291589e-18, 40.0, 1.0],
    ];

    private static readonly double[] s_extremes =
        [0, -0.0, double.Epsilon, -double.Epsilon, 1e-310, -1e-310, 36.9, -36.9, 38.4, -38.4, 41, -41, 355, -355, 700, -700, 744.9, -744.9, 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    [Fact]
    public void ValuesAndDerivativesAgreeWithReferencesOf60Digits()
    {
        double[] z = [.. s_references.Select(r => r[0])];
        foreach ((Activation activation, int column) in new[] { (Activation.Tanh, 1), (Activation.Sigmoid, 3), (Activation.Gelu, 5) })
        {
            (double[] value, double[] derivative) = Both(activation, z);
            for (int i = 0; i < z.Length; i++)
            {
                Close(s_references[i][column], value[i], activation, z[i]);
                Close(s_references[i][column + 1], derivative[i], activation, z[i]);
            }
        }
    }

    [Fact]
    public void AgreesWithThePlatformOverTheWholeRange()
    {
        // Steps of about 1/7 from -700 to 700 and 40 decades down to subnormals on both sides of zero.
        List<double> z = [.. Enumerable.Range(-4900, 9801).Select(i => i / 7.0), .. s_extremes];
        for (double size = 10; size > 1e-322; size /= 7.3) z.AddRange([size, -size]);
        double[] points = [.. z];
        double[] tanh = Values(Activation.Tanh, points), sigmoid = Values(Activation.Sigmoid, points), relu = Values(Activation.Relu, points);
        (_, double[] slope) = Both(Activation.Sigmoid, points);
        for (int i = 0; i < points.Length; i++)
        {
            double e = Math.Exp(-Math.Abs(points[i]));
            Close(Math.Tanh(points[i]), tanh[i], Activation.Tanh, points[i]);
            Close(points[i] < 0 ? e / (1 + e) : 1 / (1 + e), sigmoid[i], Activation.Sigmoid, points[i]);
            Close(e / ((1 + e) * (1 + e)), slope[i], Activation.Sigmoid, points[i]);
            Close(Math.Max(points[i], 0), relu[i], Activation.Relu, points[i]);
        }
    }

    [Fact]
    public void GeluAgreesWithTheErrorFunctionOfAnotherLibrary()
    {
        double[] z = [.. Enumerable.Range(-2000, 4001).Select(i => i / 56.0)];
        (double[] value, double[] derivative) = Both(Activation.Gelu, z);
        for (int i = 0; i < z.Length; i++)
        {
            double phi = 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z[i] / Math.Sqrt(2));
            // Its own error grows with z^2, by the rounding of its argument's square.
            double tolerance = 1e-14 + 4e-16 * z[i] * z[i];
            Assert.True(Math.Abs(z[i] * phi - value[i]) <= tolerance * Math.Abs(value[i]), $"gelu({z[i]}) = {value[i]}, other {z[i] * phi}");
            double density = Math.Exp(-0.5 * z[i] * z[i]) / Math.Sqrt(2 * Math.PI);
            Assert.True(Math.Abs(phi + z[i] * density - derivative[i]) <= tolerance * (phi + Math.Abs(z[i]) * density), $"gelu'({z[i]}) = {derivative[i]}");
        }
    }

    [Fact]
    public void LimitsAtInfinityAndNaN()
    {
        double[] z = [double.PositiveInfinity, double.NegativeInfinity, double.NaN, 0, -0.0];
        Assert.Equal([double.PositiveInfinity, 0, double.NaN, 0, 0], Values(Activation.Relu, z));
        Assert.Equal([1, -1, double.NaN, 0, 0], Values(Activation.Tanh, z));
        Assert.Equal([1, 0, double.NaN, 0.5, 0.5], Values(Activation.Sigmoid, z));
        Assert.Equal([double.PositiveInfinity, 0, double.NaN, 0, 0], Values(Activation.Gelu, z));
        Assert.Equal([1, 0, 1, 0, 0], Both(Activation.Relu, z).Derivative);
        Assert.Equal([0, 0, double.NaN, 1, 1], Both(Activation.Tanh, z).Derivative);
        Assert.Equal([0, 0, double.NaN, 0.25, 0.25], Both(Activation.Sigmoid, z).Derivative);
        double[] slope = Both(Activation.Gelu, z).Derivative, expected = [1, 0, double.NaN, 0.5, 0.5];
        for (int i = 0; i < z.Length; i++) Close(expected[i], slope[i], Activation.Gelu, z[i]);
    }

    [Fact]
    public void BitsDependOnTheValueAloneNotOnItsPlace()
    {
        const int seed = 11;
        var random = new SeededRandom(seed);
        var z = new double[37];
        random.FillUniform(z, -6, 6);
        s_extremes.AsSpan(0, 10).CopyTo(z.AsSpan(13));
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            (double[] value, double[] derivative) = Both(activation, z);
            Assert.Equal(Bits(value), Bits(Values(activation, z)));
            for (int i = 0; i < z.Length; i++)
            {
                for (int before = 0; before < 5; before++)
                {
                    double[] shifted = [.. Enumerable.Repeat(double.NaN, before), z[i]];
                    (double[] v, double[] d) = Both(activation, shifted);
                    Assert.True(Bits(value)[i] == Bits(v)[before] && Bits(derivative)[i] == Bits(d)[before], $"{activation}({z[i]}) after {before} others");
                }
            }
        }
    }

    [Fact]
    public void WorksInPlaceAndWritesNoFurther()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            for (int n = 0; n <= 9; n++)
            {
                double[] z = [.. Enumerable.Range(0, n).Select(i => i - 3.5), 77, 78], slope = [.. Enumerable.Repeat(5.0, n + 1)];
                (double[] value, double[] derivative) = Both(activation, z[..n]);
                fixed (double* p = z, d = slope) ActivationKernel.ApplyWithDerivative(activation, p, p, d, n);
                Assert.Equal([.. value, 77, 78], z);
                Assert.Equal([.. derivative, 5], slope);
            }
        }
    }

    [Fact]
    public void AnUnknownActivationIsNamed()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => ActivationKernel.Require((Activation)9));
        Assert.Contains("9 is no activation; use one of Relu, Tanh, Sigmoid, Gelu", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Values((Activation)(-1), [1]));
    }

    private static void Close(double expected, double actual, Activation activation, double z)
    {
        bool same = double.IsFinite(expected)
            ? Math.Abs(expected - actual) <= 2e-15 * Math.Abs(expected) + 2 * double.Epsilon
            : expected.Equals(actual);
        Assert.True(same, $"{activation} at {z:R}: {actual:R}, expected {expected:R}, relative difference {(actual - expected) / expected:e2}");
    }

    private static long[] Bits(double[] values) => [.. values.Select(v => BitConverter.DoubleToInt64Bits(v))];

    private static double[] Values(Activation activation, double[] z)
    {
        var value = new double[z.Length];
        fixed (double* p = z, v = value) ActivationKernel.Apply(activation, p, v, z.Length);
        return value;
    }

    private static (double[] Value, double[] Derivative) Both(Activation activation, double[] z)
    {
        double[] value = new double[z.Length], derivative = new double[z.Length];
        fixed (double* p = z, v = value, d = derivative) ActivationKernel.ApplyWithDerivative(activation, p, v, d, z.Length);
        return (value, derivative);
    }
}
