namespace ResearchKit.Baselines;

/// <summary>
/// The paper's last stage: over and over, take the tightest neighbourhood of N + 1 points and peel one point from it.
/// </summary>
/// <remarks>
/// Tightness is the distance from a point to its N-th neighbour, which is between half the neighbourhood's diameter and
/// the diameter. It can only grow as points go, so a heap with lazily refreshed keys pops the true minimum.
/// </remarks>
internal static class NeighbourhoodPeeling
{
    /// <summary>
    /// Peels until at most the budget of the points (ascending indices, all with weight) have weight left; reports that
    /// number after every decomposition.
    /// </summary>
    public static void Run(NullVectorPeeler peeler, double[] coordinates, int m, double[] weights, int[] points, int moments, int budget, CancellationToken cancel, Action<int> onStep)
    {
        int left = points.Length;
        if (left <= budget) return;
        var rows = new double[left * m];
        for (int i = 0; i < left; i++) coordinates.AsSpan(points[i] * m, m).CopyTo(rows.AsSpan(i * m));
        var tree = new NeighbourTree(rows, m);
        var buffer = new NeighbourBuffer(moments + 1);
        var heap = new PriorityQueue<int, (double, int)>(left);
        for (int i = 0; i < left; i++) heap.Enqueue(i, (Radius(i), i));
        var subset = new int[moments + 1];
        while (left > budget)
        {
            cancel.ThrowIfCancellationRequested();
            heap.TryDequeue(out int local, out (double Radius, int) key);
            if (weights[points[local]] == 0) continue;
            double radius = Radius(local);
            if (radius > key.Radius)
            {
                heap.Enqueue(local, (radius, local));
                continue;
            }
            buffer.Points.CopyTo(subset);
            Array.Sort(subset);
            int[] neighbours = [.. subset];
            for (int j = 0; j < subset.Length; j++) subset[j] = points[neighbours[j]];
            peeler.Step(subset);
            foreach (int neighbour in neighbours)
            {
                if (weights[points[neighbour]] > 0) continue;
                tree.Remove(neighbour);
                left--;
            }
            heap.Enqueue(local, (radius, local));
            onStep(left);
        }

        double Radius(int local)
        {
            buffer.Clear();
            tree.Nearest(rows.AsSpan(local * m, m), buffer);
            return buffer.Largest;
        }
    }
}
