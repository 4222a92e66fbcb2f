using CsCheck;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Compression;

/// <summary>Theorems T1 and T2 on small examples worked by hand, and exactness on every polynomial of degree k.</summary>
public class PolynomialTests
{
    [Fact]
    public void FourPointsOnALineHaveTwoQuadraticCompressions()
    {
        // Of 0, 1, 2, 3 with moments 4, 6, 14: on {0,1,2} and {1,2,3} the solution has a negative weight, so these two stay.
        var set = new WeightedPoints([0, 1, 2, 3], 1);
        CompressedSet result = Check.AllPromises(set, 2, 3, "line");
        (int[] indices, double[] weights) = result.Indices[1] == 1 ? (new[] { 0, 1, 3 }, new[] { 2 / 3.0, 2, 4 / 3.0 }) : ([0, 2, 3], [4 / 3.0, 2, 2 / 3.0]);
        Assert.Equal(indices, result.Indices.ToArray());
        for (int i = 0; i < 3; i++) Assert.Equal(weights[i], result.Weights[i], 4e-15);
    }

    [Fact]
    public void FivePointsOnALineKeepTheMeanInTwo()
    {
        // Of -2..2 with mass 5 and mean 0: a pair a < 0 < b gets 5 b / (b - a) and -5 a / (b - a); or 0 alone gets 5.
        var set = new WeightedPoints([-2, -1, 0, 1, 2], 1);
        CompressedSet result = Check.AllPromises(set, 1, 2, "mean");
        if (result.Count == 1)
        {
            Assert.Equal(2, result.Indices[0]);
            Assert.Equal(5, result.Weights[0], 4e-15);
            return;
        }
        double a = set[result.Indices[0]][0], b = set[result.Indices[1]][0];
        Assert.True(a < 0 && b > 0);
        Assert.Equal(5 * b / (b - a), result.Weights[0], 4e-15);
        Assert.Equal(-5 * a / (b - a), result.Weights[1], 4e-15);
    }

    [Fact]
    public void ThreePlacesWithCopiesHaveOneQuadraticCompression()
    {
        // Three distinct places carry moments 0..2 in one way only: 4 copies of each give weight 4.
        var set = new WeightedPoints([-1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1], 1);
        CompressedSet result = Check.AllPromises(set, 2, 3, "copies");
        Assert.Equal([-1, 0, 1], result.Points(set).Coordinates.ToArray().Order());
        Assert.All(result.Weights.ToArray(), w => Assert.Equal(4, w, 4e-15));
    }

    [Fact]
    public void ASquareWithItsCentreKeepsTheMeanInTheCentreOrADiagonal()
    {
        // Vertices of the solutions with mass 5 and mean 0: the centre with 5, or either diagonal with 5/2 twice.
        var set = new WeightedPoints([-1, -1, 1, -1, 1, 1, -1, 1, 0, 0], 2);
        CompressedSet result = Check.AllPromises(set, 1, 3, "square");
        string indices = string.Join(",", result.Indices.ToArray());
        Assert.Contains(indices, new[] { "4", "0,2", "1,3" });
        Assert.All(result.Weights.ToArray(), w => Assert.Equal(5.0 / result.Count, w, 4e-15));
    }

    [Fact]
    public void ASquareWithItsCentreHasFiveQuadraticMoments()
    {
        // x^2 and y^2 agree on the five points: rank 5 of 6, so that four objects are too few.
        var set = new WeightedPoints([-1, -1, 1, -1, 1, 1, -1, 1, 0, 0], 2);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Check.Compress(set, 2, 4));
        Assert.Contains("takes 5 objects", error.Message);
        Assert.Equal(5, Check.Compress(set, 2, 5).Count);
    }

    [Fact]
    public void TwoCoincidentObjectsAddUp()
    {
        var set = new WeightedPoints([0.3, 0.7, 0.3, 0.7], 2, [1.25, 2.5]);
        CompressedSet result = Check.AllPromises(set, 3, 1, "pair");
        Assert.Equal(3.75, result.Weights[0]);
    }

    [Fact]
    public void SymmetricPolynomialsAreFunctionsOfTheMoments()
    {
        // T1 by hand: 1, 2, 4 have power sums 7, 21, 73, and Newton's identities give e1 = 7, e2 = 14, e3 = 1*2*4.
        Assert.Equal((7.0, 14.0, 8.0), Elementary(new WeightedPoints([1, 2, 4], 1)));

        // So elementary symmetric polynomials of 200 objects can be read off 4 weighted ones.
        WeightedPoints set = HardSets.Cube(1, 200);
        double[] e = [1, 0, 0, 0];
        foreach (double x in set.Coordinates)
            for (int q = 3; q > 0; q--) e[q] += x * e[q - 1];
        (double e1, double e2, double e3) = Elementary(Check.AllPromises(set, 3, 4, "T1").Points(set));
        Assert.Equal(e[1], e1, 1e-11);
        Assert.Equal(e[2], e2, 1e-9);
        Assert.Equal(e[3], e3, 1e-8);

        static (double, double, double) Elementary(WeightedPoints p)
        {
            double p1 = p.Sum(x => x[0]), p2 = p.Sum(x => x[0] * x[0]), p3 = p.Sum(x => x[0] * x[0] * x[0]);
            return (p1, (p1 * p1 - p2) / 2, (p1 * p1 * p1 - 3 * p1 * p2 + 2 * p3) / 6);
        }
    }

    [Fact]
    public void PairInteractionsOfVectorsAreFunctionsOfTheMoments()
    {
        // sum over ordered pairs i != j of (w_i . w_j)^2 = |p_2|_F^2 - sum |w_i|^4: degree 4, from moments up to 4.
        WeightedPoints set = HardSets.Cube(2, 150);
        double pairs = 0;
        for (int i = 0; i < 150; i++)
            for (int j = 0; j < 150; j++)
                if (i != j) pairs += Math.Pow(set[i][0] * set[j][0] + set[i][1] * set[j][1], 2);
        WeightedPoints few = Check.AllPromises(set, 4, 15, "pairs").Points(set);
        double xx = few.Sum(w => w[0] * w[0]), xy = few.Sum(w => w[0] * w[1]), yy = few.Sum(w => w[1] * w[1]);
        double fourth = few.Sum(w => Math.Pow(w[0] * w[0] + w[1] * w[1], 2));
        Assert.Equal(pairs, xx * xx + 2 * xy * xy + yy * yy - fourth, 1e-11 * pairs);
    }

    [Fact]
    public void EveryPolynomialOfDegreeKIsKept()
    {
        Gen<(int, int, int, int)> cases = Gen.Select(Gen.Int[1, 4], Gen.Int[0, 5], Gen.Int[1, 3], Gen.Int[1, 10_000]);
        cases.Sample(c =>
        {
            (int m, int k, int cells, int seed) = c;
            WeightedPoints set = HardSets.Make("weights over 12 decades", m, 600, seed);
            CompressedSet result = Check.Compress(set, k, cells * (int)MomentSpace.CountOf(m, k));
            // (a + b.x)^q with q <= k is a polynomial of degree q; its absolute sum is what round-off is relative to.
            var random = new SeededRandom(seed);
            var b = new double[m + 1];
            for (int q = 0; q <= k; q++)
            {
                random.FillUniform(b, -1, 1);
                double G(ReadOnlySpan<double> x)
                {
                    double s = b[m];
                    for (int j = 0; j < m; j++) s += b[j] * x[j];
                    return Math.Pow(s, q);
                }
                double size = set.Sum(x => Math.Abs(G(x))), error = Math.Abs(set.Sum(G) - result.Points(set).Sum(G));
                Assert.True(error <= 1e-12 * size, $"{c}, degree {q}: {error / size:E2}");
            }
        }, iter: 60);
    }
}
