namespace ResearchKit;

/// <summary>Where the free nodes of a cell may lie, in its local coordinates.</summary>
internal abstract unsafe class GaussRegion
{
    /// <summary>Moves every node that is outside to the nearest place inside.</summary>
    /// <param name="positions">m x padded.</param>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="padded">Distance between two coordinates of a node.</param>
    public abstract void Contain(double* positions, int nodes, int padded);

    /// <summary>Takes from a Jacobian the directions in which nodes on the boundary would be driven out.</summary>
    /// <param name="system">Holds the Jacobian.</param>
    /// <param name="positions">The nodes, contained.</param>
    /// <param name="gradient">J' r; nodes are driven against it.</param>
    public abstract void Restrict(GaussSystem system, double* positions, double* gradient);
}

/// <summary>The box [-1, 1]^m: the cell's bounding box.</summary>
/// <param name="dimension">m.</param>
internal sealed unsafe class GaussBox(int dimension) : GaussRegion
{
    /// <inheritdoc/>
    public override void Contain(double* positions, int nodes, int padded)
    {
        for (int c = 0; c < dimension; c++)
        {
            double* t = positions + (long)c * padded;
            for (int i = 0; i < nodes; i++) t[i] = Math.Clamp(t[i], -1, 1);
        }
    }

    /// <inheritdoc/>
    public override void Restrict(GaussSystem system, double* positions, double* gradient)
    {
        for (int c = 0; c < dimension; c++)
        {
            double* t = positions + (long)c * system.Padded, g = gradient + (long)(1 + c) * system.Padded;
            for (int i = 0; i < system.Nodes; i++)
            {
                bool driven = (t[i] >= 1 && g[i] < 0) || (t[i] <= -1 && g[i] > 0);
                if (!driven) continue;
                double* column = system.Jacobian + (long)(1 + c) * system.Padded + i;
                for (int e = 0; e < system.Equations; e++) column[(long)e * system.Stride] = 0;
            }
        }
    }
}
