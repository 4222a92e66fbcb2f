using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace ResearchKit;

/// <summary>Labels for the nodes of cells: values of one polynomial of degree k per cell that has the labels' moments.</summary>
/// <param name="table">The objects' x in the order of the cells.</param>
/// <param name="labels">y by original index.</param>
/// <param name="space">Polynomials of degree k in x.</param>
internal sealed unsafe class LabelFitter(PointTable table, double[] labels, MomentSpace space) : IDisposable
{
    /// <summary>Singular values below this part of the largest are those of polynomials that vanish on the nodes.</summary>
    private const double Vanishing = 1e-11;

    private readonly ProductBasis basis = ProductBasis.Of(space);
    private readonly MomentKernel kernel = new();
    private readonly NativeBuffer values = new();

    /// <summary>
    /// Solves sum_j w_j y_j phi_e(t_j) = sum_i c_i y_i phi_e(x_i) for the labels of least sum w y^2: values of a polynomial.
    /// </summary>
    public LabelFit Fit(Cell cell, NodeCell nodes)
    {
        int n = nodes.Count;
        var y = new double[cell.Count];
        var weighted = new double[cell.Count];
        double original = 0;
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = labels[table.IndexOf(cell.Start + i)];
            weighted[i] = y[i] * (table.Weights is { } given ? given[cell.Start + i] : 1) / nodes.Mass;
            original += weighted[i] * y[i];
        }
        // Objects that have not moved keep their labels.
        if (!nodes.Free && n == cell.Count) return new LabelFit(y, original, original, 0);

        double[] wanted;
        fixed (double* rows = table.Rows) wanted = Sums(rows + (long)cell.Start * table.Dimension, cell.Count, cell.Frame, weighted);
        // The unknowns are sqrt(w) y, so that the smallest solution is that of least sum w y^2.
        double[] roots = [.. nodes.Weights.Select(w => Math.Sqrt(w / nodes.Mass))];
        Svd<double> factors = Matrix(nodes, cell.Frame, roots).Svd();
        var fitted = new double[n];
        double[] miss = wanted;
        double residual = double.PositiveInfinity;
        // A correction after the first solution takes out what its rounding left.
        for (int pass = 0; pass < 3; pass++)
        {
            double[] correction = Smallest(factors, miss), trial = [.. fitted];
            for (int i = 0; i < n; i++) trial[i] += correction[i] / roots[i];
            double[] next = Miss(nodes, cell.Frame, trial, wanted);
            double worst = next.Max(Math.Abs);
            if (!(worst < residual)) break;
            (fitted, miss, residual) = (trial, next, worst);
        }
        double synthetic = 0;
        for (int i = 0; i < n; i++) synthetic += roots[i] * roots[i] * fitted[i] * fitted[i];
        return new LabelFit(fitted, original, synthetic, residual);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kernel.Dispose();
        values.Dispose();
    }

    private double[] Sums(double* points, int count, LocalFrame frame, double[] factors)
    {
        var totals = new MomentTotals(space.Count);
        fixed (double* f = factors) kernel.SumCompensated(basis, frame, points, f, count, totals);
        var sums = new double[space.Count];
        totals.CopyTo(sums);
        return sums;
    }

    private Matrix<double> Matrix(NodeCell nodes, LocalFrame frame, double[] roots)
    {
        int stride = NativeBuffer.Padded(nodes.Count);
        double* v = values.Ensure((long)space.Count * stride);
        fixed (double* p = nodes.Coordinates) kernel.Evaluate(basis, frame, p, nodes.Count, v, stride);
        Matrix<double> matrix = Matrix<double>.Build.Dense(space.Count, nodes.Count);
        for (int e = 0; e < space.Count; e++)
            for (int i = 0; i < nodes.Count; i++) matrix[e, i] = v[(long)e * stride + i] * roots[i];
        return matrix;
    }

    private static double[] Smallest(Svd<double> factors, double[] wanted)
    {
        Vector<double> parts = factors.U.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(wanted));
        var kept = Vector<double>.Build.Dense(factors.VT.RowCount);
        for (int s = 0; s < factors.S.Count; s++)
            if (factors.S[s] > Vanishing * factors.S[0]) kept[s] = parts[s] / factors.S[s];
        return factors.VT.TransposeThisAndMultiply(kept).ToArray();
    }

    private double[] Miss(NodeCell nodes, LocalFrame frame, double[] fitted, double[] wanted)
    {
        var factors = new double[fitted.Length];
        for (int i = 0; i < factors.Length; i++) factors[i] = fitted[i] * nodes.Weights[i] / nodes.Mass;
        double[] sums;
        fixed (double* p = nodes.Coordinates) sums = Sums(p, nodes.Count, frame, factors);
        for (int e = 0; e < sums.Length; e++) sums[e] = wanted[e] - sums[e];
        return sums;
    }
}
