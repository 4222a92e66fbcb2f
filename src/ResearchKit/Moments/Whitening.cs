namespace ResearchKit;

/// <summary>Standard deviations and whitening maps of weighted sets.</summary>
/// <remarks>
/// The map is a pivoted Cholesky factorisation of the covariance, made twice: a direction whose extent is below 1e-8 of the
/// others' is lost in the rounding of the first covariance, but stands out in the coordinates that the first map leaves.
/// </remarks>
internal static class Whitening
{
    /// <summary>A variance below this part of the coordinate's own is not resolved by one factorisation.</summary>
    private const double Resolved = 1e-10;

    /// <summary>A direction whose extent is below this part of the terms that it sums has none: it is their rounding.</summary>
    public const double Rounding = 64 * 1.2e-16;

    private const int Passes = 3;

    /// <summary>Standard deviation of each named coordinate.</summary>
    public static double[] StandardDeviations(WeightedPoints set, int[] coordinates)
    {
        LocalFrame frame = LocalFrame.Of(set);
        double[] covariance = Covariance(set, new LinearMap(coordinates, frame, Identity(coordinates.Length)), coordinates.Length);
        int p = coordinates.Length;
        return [.. Enumerable.Range(0, p).Select(a => Math.Sqrt(covariance[a * p + a]) * (0.5 * frame.Upper[coordinates[a]] - 0.5 * frame.Lower[coordinates[a]]))];
    }

    /// <summary>The map that gives the named coordinates unit covariance.</summary>
    public static LinearMap Fit(WeightedPoints set, int[] coordinates)
    {
        int p = coordinates.Length;
        LocalFrame frame = LocalFrame.Of(set);
        double[] map = Identity(p);
        var unresolved = new bool[p];
        for (int pass = 0; pass < Passes; pass++)
        {
            double[] c = Covariance(set, new LinearMap(coordinates, frame, map), p);
            map = Times(Decorrelate(c, p), map, p);
        }
        double[] last = Covariance(set, new LinearMap(coordinates, frame, map), p);
        for (int a = 0; a < p; a++)
        {
            double extent = Math.Sqrt(last[a * p + a]);
            Span<double> row = map.AsSpan(a * p, p);
            double size = 0;
            foreach (double x in row) size += Math.Abs(x);
            // A direction without extent stays, at its own scale: another set may extend along it.
            unresolved[a] = !(extent > Rounding * size);
            if (!unresolved[a])
                foreach (ref double x in row) x /= extent;
        }
        return new LinearMap(coordinates, frame, map, unresolved);
    }

    /// <summary>Covariance of the mapped coordinates by weight.</summary>
    private static double[] Covariance(WeightedPoints set, LinearMap map, int p)
    {
        var t = new double[p];
        var z = new double[p];
        var mean = new CompensatedSum[p];
        var c = new double[p * p];
        for (int i = 0; i < set.Count; i++)
        {
            map.Apply(set[i], t, z);
            double w = set.WeightOf(i) / set.Mass;
            for (int a = 0; a < p; a++) mean[a].Add(w * z[a]);
        }
        for (int i = 0; i < set.Count; i++)
        {
            map.Apply(set[i], t, z);
            double w = set.WeightOf(i) / set.Mass;
            for (int a = 0; a < p; a++) z[a] -= mean[a].Total;
            for (int a = 0; a < p; a++)
                for (int b = 0; b <= a; b++) c[a * p + b] += w * z[a] * z[b];
        }
        for (int a = 0; a < p; a++)
            for (int b = 0; b < a; b++) c[b * p + a] = c[a * p + b];
        return c;
    }

    /// <summary>
    /// A matrix that makes the covariance nearly diagonal, of unit variance where the variance is resolved: Gram and
    /// Schmidt's steps on the coordinates, the largest remaining variance first.
    /// </summary>
    private static double[] Decorrelate(double[] covariance, int p)
    {
        double[] c = [.. covariance], map = Identity(p);
        var done = new bool[p];
        for (int step = 0; step < p; step++)
        {
            int best = -1;
            for (int a = 0; a < p; a++)
                if (!done[a] && (best < 0 || c[a * p + a] > c[best * p + best])) best = a;
            done[best] = true;
            double variance = c[best * p + best];
            if (!(variance > Resolved * covariance[best * p + best])) continue;
            for (int a = 0; a < p; a++)
            {
                if (done[a]) continue;
                double factor = c[a * p + best] / variance;
                for (int b = 0; b < p; b++) map[a * p + b] -= factor * map[best * p + b];
                for (int b = 0; b < p; b++)
                    if (!done[b]) c[a * p + b] -= factor * c[best * p + b];
            }
        }
        return map;
    }

    private static double[] Times(double[] x, double[] y, int p)
    {
        var product = new double[p * p];
        for (int a = 0; a < p; a++)
            for (int k = 0; k < p; k++)
                for (int b = 0; b < p; b++) product[a * p + b] += x[a * p + k] * y[k * p + b];
        return product;
    }

    private static double[] Identity(int p)
    {
        var identity = new double[p * p];
        for (int a = 0; a < p; a++) identity[a * p + a] = 1;
        return identity;
    }
}
