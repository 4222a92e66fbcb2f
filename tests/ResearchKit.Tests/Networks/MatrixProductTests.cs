using ResearchKit.Networks;
using ResearchKit.Tasks;

namespace ResearchKit.Tests.Networks;

public sealed unsafe class MatrixProductTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        // Single entries, blocks that hang over every edge, whole blocks, several depths and tiles.
        { 1, 1, 1 }, { 1, 9, 3 }, { 7, 1, 5 }, { 3, 5, 1 }, { 5, 7, 9 }, { 6, 8, 256 }, { 12, 16, 257 }, { 13, 23, 513 }, { 97, 257, 31 }, { 200, 300, 260 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void IsTheProductForEveryLayoutOfTheFactors(int m, int n, int k)
    {
        const int seed = 5;
        var random = new SeededRandom(seed);
        double[] a = new double[m * k], b = new double[k * n], start = new double[m * n];
        random.FillUniform(a, -1, 1);
        random.FillUniform(b, -1, 1);
        random.FillUniform(start, -1, 1);
        using var product = new MatrixProduct();
        foreach ((bool turnA, bool turnB, bool add, int threads) in new[] { (false, false, false, 1), (true, false, true, 2), (false, true, true, -1), (true, true, false, 3) })
        {
            // A row of C is longer than n; what lies beyond must stay.
            int stride = n + 3;
            double[] c = [.. Enumerable.Repeat(7.0, m * stride)];
            for (int i = 0; i < m; i++) start.AsSpan(i * n, n).CopyTo(c.AsSpan(i * stride));
            fixed (double* pa = a, pb = b, pc = c)
            {
                Operand left = turnA ? new Operand(pa, m).Transposed : new Operand(pa, k), right = turnB ? new Operand(pb, k).Transposed : new Operand(pb, n);
                product.Multiply(left, right, pc, stride, m, n, k, add, threads);
                for (int i = 0; i < m; i++)
                {
                    for (int j = 0; j < n; j++)
                    {
                        double sum = add ? start[i * n + j] : 0, size = Math.Abs(sum);
                        for (int q = 0; q < k; q++)
                        {
                            sum += *left.At(i, q) * *right.At(q, j);
                            size += Math.Abs(*left.At(i, q) * *right.At(q, j));
                        }
                        Assert.True(Math.Abs(sum - c[i * stride + j]) <= 1e-16 * (k + 2) * size, $"({i}, {j}): {c[i * stride + j]}, expected {sum}");
                    }
                    Assert.Equal([7, 7, 7], c[(i * stride + n)..(i * stride + stride)]);
                }
            }
        }
    }

    [Fact]
    public void WholeNumbersAreExact()
    {
        int[] x = [1, 2, 3, 4, 5, 6], y = [7, 8, 9, 10, 11, 12];
        double[] a = [.. x.Select(v => (double)v)], b = [.. y.Select(v => (double)v)], c = new double[4];
        using var product = new MatrixProduct();
        fixed (double* pa = a, pb = b, pc = c) product.Multiply(new Operand(pa, 3), new Operand(pb, 2), pc, 2, 2, 2, 3, add: false, threads: 1);
        Assert.Equal([58, 64, 139, 154], c);
    }

    [Fact]
    public void AFailureOnAnyThreadIsThrownItself() =>
        Assert.Throws<InvalidOperationException>(() => Parallelism.ForEach(50, 2, i => throw new InvalidOperationException($"turn {i}")));
}
