using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using ResearchKit.Tasks;

namespace ResearchKit.Networks;

/// <summary>
/// Few coordinates for functions known on samples: their parts along the leading principal directions of the (uncentred)
/// second moments, found by subspace iteration.
/// </summary>
internal static unsafe class PrincipalCoordinates
{
    private const int Extra = 6, Iterations = 12;

    /// <summary>Computes coordinates.</summary>
    /// <param name="values">samples x d: function j on every sample.</param>
    /// <param name="weights">d positive weights, by which functions count.</param>
    /// <param name="count">m, the coordinates wanted, at most d; fewer come back where the functions span fewer dimensions.</param>
    /// <param name="product">Dense products.</param>
    /// <param name="threads">Threads at most, or -1.</param>
    /// <returns>d x m; a function's root mean square over the samples is about the length of its row.</returns>
    public static double[] Of(double[] values, double[] weights, int count, MatrixProduct product, int threads)
    {
        int d = weights.Length, samples = values.Length / d, block = Math.Min(count + Extra, Math.Min(d, samples));
        count = Math.Min(count, block);
        double[] directions = new double[samples * block], parts = new double[d * block];
        new SeededRandom(1).FillNormal(directions);
        for (int pass = 0; ; pass++)
        {
            Orthonormalise(directions, samples, block);
            Multiply(transpose: true, directions, parts);
            if (pass == Iterations) break;
            for (int j = 0; j < d; j++)
                for (int a = 0; a < block; a++) parts[j * block + a] *= weights[j];
            Multiply(transpose: false, parts, directions);
        }
        // The principal directions within the block.
        Matrix<double> moments = Matrix<double>.Build.Dense(block, block);
        for (int a = 0; a < block; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double sum = 0;
                for (int j = 0; j < d; j++) sum += weights[j] * parts[j * block + a] * parts[j * block + b];
                moments[a, b] = moments[b, a] = sum;
            }
        }
        Evd<double> factors = moments.Evd(Symmetricity.Symmetric);
        // Ascending eigenvalues; directions of round-off only are left out.
        double largest = factors.EigenValues[block - 1].Real;
        while (count > 1 && !(factors.EigenValues[block - count].Real > 1e-20 * largest)) count--;
        var result = new double[d * count];
        double scale = 1 / Math.Sqrt(samples);
        for (int j = 0; j < d; j++)
        {
            for (int q = 0; q < count; q++)
            {
                double sum = 0;
                for (int a = 0; a < block; a++) sum += parts[j * block + a] * factors.EigenVectors[a, block - 1 - q];
                result[j * count + q] = scale * sum;
            }
        }
        return result;

        void Multiply(bool transpose, double[] source, double[] target)
        {
            fixed (double* z = values, s = source, t = target)
            {
                Operand matrix = transpose ? new Operand(z, d).Transposed : new Operand(z, d);
                product.Multiply(matrix, new Operand(s, block), t, block, transpose ? d : samples, block, transpose ? samples : d, add: false, threads);
            }
        }
    }

    /// <summary>Gram and Schmidt, twice; a column that vanishes becomes zero.</summary>
    private static void Orthonormalise(double[] columns, int rows, int count)
    {
        for (int a = 0; a < count; a++)
        {
            double before = Norm(a);
            for (int twice = 0; twice < 2; twice++)
            {
                for (int b = 0; b < a; b++)
                {
                    double dot = 0;
                    for (int i = 0; i < rows; i++) dot += columns[i * count + a] * columns[i * count + b];
                    for (int i = 0; i < rows; i++) columns[i * count + a] -= dot * columns[i * count + b];
                }
            }
            double norm = Norm(a), inverse = norm > 1e-13 * before ? 1 / norm : 0;
            for (int i = 0; i < rows; i++) columns[i * count + a] *= inverse;
        }

        double Norm(int a)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++) sum += columns[i * count + a] * columns[i * count + a];
            return Math.Sqrt(sum);
        }
    }
}
