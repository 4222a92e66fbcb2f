namespace ResearchKit;

/// <content>From local coordinates to nodes as they will be stored, and what those leave of the moments.</content>
internal sealed unsafe partial class GaussCell
{
    /// <summary>Nodes in the points' own coordinates, rounded as they will be stored.</summary>
    private static double[] Place(ReadOnlySpan<double> positions, int nodes, AffineHull flat, LocalFrame frame)
    {
        int m = frame.Dimension;
        var coordinates = new double[nodes * m];
        for (int i = 0; i < nodes; i++)
        {
            Span<double> place = coordinates.AsSpan(i * m, m);
            if (flat.Rank == m) positions.Slice(i * m, m).CopyTo(place);
            else flat.Expand(positions.Slice(i * flat.Rank, flat.Rank), place);
            for (int c = 0; c < m; c++)
            {
                double inverse = frame.InverseHalfWidth[c];
                double x = inverse > 0 ? frame.Center[c] + place[c] / inverse : frame.Center[c];
                place[c] = Math.Clamp(x, frame.Lower[c], frame.Upper[c]);
            }
        }
        return coordinates;
    }

    /// <summary>The cell that nodes make, or null where they miss a promised moment.</summary>
    private NodeCell? Measured(double[] coordinates, double[] weights, LocalFrame frame, MomentTotals totals, double mass)
    {
        // Moments are kept to the solver's tolerance, the mass to rounding.
        double unit = mass / CompensatedSum.Of(weights);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= unit;
            if (!(weights[i] > 0)) return null;
        }
        CellResidual residual = Residual(coordinates, weights, frame, totals, mass);
        return residual.Kept <= Tolerance ? new NodeCell(coordinates, weights, mass, residual, true) : null;
    }

    private CellResidual Residual(double[] coordinates, double[] weights, LocalFrame frame, MomentTotals totals, double mass)
    {
        int n = weights.Length, stride = NativeBuffer.Padded(n), kept = levels[0].Count, all = levels[^1].Count;
        double* v = values.Ensure((long)watched.Count * stride);
        double worst = 0, squares = 0;
        fixed (double* p = coordinates, w = weights)
        {
            kernel.Evaluate(ProductBasis.Of(watched), frame, p, n, v, stride);
            for (int e = 0; e < watched.Count; e++)
            {
                double left = DotProduct.Difference(totals[e], v + (long)e * stride, w, n) / mass;
                if (e < kept) worst = Math.Max(worst, Math.Abs(left));
                if (e >= all) squares += left * left;
            }
        }
        return new CellResidual(worst, watched.Count > all ? Math.Sqrt(squares / (watched.Count - all)) : double.NaN);
    }
}
