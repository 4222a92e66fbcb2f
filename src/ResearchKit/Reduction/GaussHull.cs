using System.Numerics;

namespace ResearchKit;

/// <summary>
/// The convex hull of a cell's points. A node outside is moved to the nearest point of the hull (Wolfe's algorithm for the
/// nearest point of a polytope, 1976), and a node on the boundary is not driven along its outward normal. No facet is ever
/// enumerated, so the number of coordinates does not matter much.
/// </summary>
internal sealed unsafe partial class GaussHull : GaussRegion
{
    /// <summary>Distances up to this (of a box of side 2) count as inside: the rounding of a convex combination.</summary>
    public const double Tolerance = 1e-13;

    /// <summary>Length of the step by which nodes on the boundary are told from others.</summary>
    private const double Probe = 1e-6;

    private readonly double[] points;
    private readonly int dimension;
    private readonly int count;
    private readonly int[] corral;
    private readonly double[] shares;
    private readonly double[] affine;
    private readonly double[] matrix;
    private readonly double[] offset;
    private readonly double[] query;
    private readonly double[] columns;
    private readonly double[] normal;
    private readonly int padded;
    private int size;

    /// <param name="points">count x m row-major local coordinates.</param>
    /// <param name="dimension">m.</param>
    public GaussHull(double[] points, int dimension)
    {
        this.points = points;
        this.dimension = dimension;
        count = points.Length / dimension;
        corral = new int[dimension + 2];
        shares = new double[dimension + 2];
        affine = new double[dimension + 3];
        matrix = new double[(dimension + 3) * (dimension + 3)];
        offset = new double[dimension];
        query = new double[dimension];
        normal = new double[dimension];
        // By coordinate as well, so that a vector of points is tried at a time; the first point fills the last vector.
        padded = (count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        columns = new double[dimension * padded];
        for (int c = 0; c < dimension; c++)
            for (int i = 0; i < padded; i++) columns[c * padded + i] = points[(i < count ? i : 0) * dimension + c];
    }

    /// <inheritdoc/>
    public override void Contain(double* positions, int nodes, int padded)
    {
        for (int i = 0; i < nodes; i++)
        {
            for (int c = 0; c < dimension; c++) query[c] = positions[(long)c * padded + i];
            if (Project(query) <= Tolerance) continue;
            for (int c = 0; c < dimension; c++) positions[(long)c * padded + i] = query[c] + offset[c];
        }
    }

    /// <inheritdoc/>
    public override void Restrict(GaussSystem system, double* positions, double* gradient)
    {
        for (int i = 0; i < system.Nodes; i++)
        {
            double size = 0;
            for (int c = 0; c < dimension; c++)
            {
                double g = gradient[(long)(1 + c) * system.Padded + i];
                size += g * g;
            }
            if (!(size > 0)) continue;
            double scale = Probe / Math.Sqrt(size);
            for (int c = 0; c < dimension; c++)
                query[c] = positions[(long)c * system.Padded + i] - scale * gradient[(long)(1 + c) * system.Padded + i];
            // What the hull takes back of a small step along the gradient points out of it (along the normal of a face, or
            // within the cone of an edge's normals).
            double distance = Project(query);
            if (distance <= 1e-3 * Probe) continue;
            for (int c = 0; c < dimension; c++) normal[c] = -offset[c] / distance;
            for (int e = 0; e < system.Equations; e++)
            {
                double* row = system.Jacobian + (long)e * system.Stride + system.Padded + i;
                double along = 0;
                for (int c = 0; c < dimension; c++) along += normal[c] * row[(long)c * system.Padded];
                for (int c = 0; c < dimension; c++) row[(long)c * system.Padded] -= along * normal[c];
            }
        }
    }

    /// <summary>The distance of a place from the hull.</summary>
    public double Distance(ReadOnlySpan<double> place)
    {
        place.CopyTo(query);
        return Project(query);
    }
}
