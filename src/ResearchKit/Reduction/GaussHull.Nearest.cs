using System.Numerics;

namespace ResearchKit;

/// <content>Wolfe's algorithm: the nearest point of a polytope as a convex combination of few of its points, the corral.</content>
internal sealed partial class GaussHull
{
    /// <summary>Finds the nearest point of the hull; <see cref="offset"/> is it minus the place.</summary>
    private double Project(double[] place)
    {
        // The hull of points - place, nearest to the origin, as a convex combination of the corral's points.
        size = 1;
        corral[0] = Nearest(place);
        shares[0] = 1;
        UpdateOffset(place);
        for (int round = 0; round < 50 * (dimension + 2); round++)
        {
            double square = 0;
            for (int c = 0; c < dimension; c++) square += offset[c] * offset[c];
            if (square <= 0.01 * Tolerance * Tolerance) return 0;
            int best = Support(place, out double least);
            // No point lies nearer along the offset: optimal (Wolfe's criterion, relative to rounding).
            if (least >= square - 1e-15 * Math.Sqrt(square) - 1e-12 * square || Array.IndexOf(corral, best, 0, size) >= 0) return Math.Sqrt(square);
            // More than m + 1 points are affinely dependent: rounding hides it, and nothing better will be found.
            if (size > dimension) return Math.Sqrt(square);
            corral[size] = best;
            shares[size++] = 0;
            while (!TryAffine(place)) { }
            UpdateOffset(place);
        }
        double last = 0;
        for (int c = 0; c < dimension; c++) last += offset[c] * offset[c];
        return Math.Sqrt(last);
    }

    /// <summary>
    /// Goes to the nearest point of the corral's affine hull; where that leaves the simplex, stops at its boundary, drops
    /// a point, and returns false.
    /// </summary>
    private bool TryAffine(double[] place)
    {
        if (!SolveAffine(place))
        {
            // Affinely dependent: the point with the least share goes.
            Drop(Array.IndexOf(shares, shares.AsSpan(0, size).ToArray().Min(), 0, size));
            return size == 1;
        }
        double step = 1;
        for (int i = 0; i < size; i++)
            if (affine[i] < 1e-14) step = Math.Min(step, shares[i] / Math.Max(shares[i] - affine[i], 1e-300));
        int gone = -1;
        double least = double.PositiveInfinity;
        for (int i = 0; i < size; i++)
        {
            shares[i] += step * (affine[i] - shares[i]);
            if (affine[i] < 1e-14 && shares[i] < least) (gone, least) = (i, shares[i]);
        }
        if (gone < 0) return true;
        Drop(gone);
        return size == 1;
    }

    private void Drop(int i)
    {
        for (int k = i; k + 1 < size; k++) (corral[k], shares[k]) = (corral[k + 1], shares[k + 1]);
        size--;
        double sum = 0;
        for (int k = 0; k < size; k++) sum += shares[k] = Math.Max(0, shares[k]);
        if (sum <= 0)
        {
            shares[0] = sum = 1;
            for (int k = 1; k < size; k++) shares[k] = 0;
        }
        for (int k = 0; k < size; k++) shares[k] /= sum;
    }

    /// <summary>Solves (1 1' + P P') v = 1 for the corral's points P and scales v to sum 1.</summary>
    private bool SolveAffine(double[] place)
    {
        int n = size;
        for (int a = 0; a < n; a++)
            for (int b = 0; b <= a; b++)
            {
                double dot = 1;
                for (int c = 0; c < dimension; c++) dot += Entry(a, c, place) * Entry(b, c, place);
                matrix[a * n + b] = dot;
            }
        for (int a = 0; a < n; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double sum = matrix[a * n + b];
                for (int q = 0; q < b; q++) sum -= matrix[a * n + q] * matrix[b * n + q];
                if (b < a) matrix[a * n + b] = sum / matrix[b * n + b];
                else if (sum > 1e-14 * matrix[a * n + a]) matrix[a * n + a] = Math.Sqrt(sum);
                else return false;
            }
        }
        for (int a = 0; a < n; a++)
        {
            double sum = 1;
            for (int q = 0; q < a; q++) sum -= matrix[a * n + q] * affine[q];
            affine[a] = sum / matrix[a * n + a];
        }
        double total = 0;
        for (int a = n - 1; a >= 0; a--)
        {
            double sum = affine[a];
            for (int q = a + 1; q < n; q++) sum -= matrix[q * n + a] * affine[q];
            total += affine[a] = sum / matrix[a * n + a];
        }
        for (int a = 0; a < n; a++) affine[a] /= total;
        return true;
    }

    private double Entry(int member, int c, double[] place) => points[corral[member] * dimension + c] - place[c];

    private void UpdateOffset(double[] place)
    {
        for (int c = 0; c < dimension; c++)
        {
            offset[c] = 0;
            for (int i = 0; i < size; i++) offset[c] += shares[i] * Entry(i, c, place);
        }
    }

    /// <summary>The point furthest against the offset, and how far it lies along it from the place.</summary>
    private int Support(double[] place, out double least)
    {
        int width = Vector<double>.Count;
        Vector<double> lowest = new(double.PositiveInfinity);
        Vector<long> where = Vector<long>.Zero;
        for (int i = 0; i < padded; i += width)
        {
            Vector<double> dot = Vector<double>.Zero;
            for (int c = 0; c < dimension; c++) dot += offset[c] * new Vector<double>(columns, c * padded + i);
            Vector<long> less = Vector.LessThan(dot, lowest);
            lowest = Vector.ConditionalSelect(less, dot, lowest);
            where = Vector.ConditionalSelect(less, new Vector<long>(i), where);
        }
        int best = 0;
        double low = double.PositiveInfinity;
        for (int l = 0; l < width; l++)
        {
            int i = (int)where[l] + l;
            if (i >= count) i = 0;
            // Ties go to the first point, so that the vector width does not show.
            if (lowest[l] < low || (lowest[l] == low && i < best)) (best, low) = (i, lowest[l]);
        }
        least = 0;
        for (int c = 0; c < dimension; c++) least += offset[c] * (points[best * dimension + c] - place[c]);
        return best;
    }

    private int Nearest(double[] place)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int i = 0, at = 0; i < count; i++)
        {
            double square = 0;
            for (int c = 0; c < dimension; c++, at++) square += (points[at] - place[c]) * (points[at] - place[c]);
            if (square < least) (best, least) = (i, square);
        }
        return best;
    }
}
