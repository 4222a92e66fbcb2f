namespace ResearchKit.Baselines;

/// <summary>
/// A k-d tree for nearest neighbours among points that may be removed: the baselines' search structure. Median splits
/// along the widest side, leaves of at most 16 points, tight boxes; equal inputs give equal trees and equal answers.
/// </summary>
internal sealed class NeighbourTree
{
    private const int LeafSize = 16;
    private readonly int m;
    private readonly List<int> starts = [], ends = [], rights = [], parents = [], alive = [];
    private readonly List<double> boxes = [];
    private readonly int[] ids;
    private readonly int[] leafOfPosition;
    private readonly int[] positionOfPoint;
    private readonly double[] rows;
    private readonly bool[] removed;

    /// <summary>Builds the tree over n x m row-major coordinates; point i is row i.</summary>
    public NeighbourTree(double[] coordinates, int dimension)
    {
        m = dimension;
        int n = coordinates.Length / m;
        ids = new int[n];
        for (int i = 0; i < n; i++) ids[i] = i;
        leafOfPosition = new int[n];
        removed = new bool[n];
        Build(coordinates, new double[n], 0, n, -1);
        rows = new double[coordinates.Length];
        positionOfPoint = new int[n];
        for (int p = 0; p < n; p++)
        {
            positionOfPoint[ids[p]] = p;
            coordinates.AsSpan(ids[p] * m, m).CopyTo(rows.AsSpan(p * m));
        }
    }

    public int NodeCount => starts.Count;

    public int Start(int node) => starts[node];

    public int End(int node) => ends[node];

    /// <summary>The right child, or 0 for a leaf; the left child is node + 1.</summary>
    public int Right(int node) => rights[node];

    public int PointAt(int position) => ids[position];

    public ReadOnlySpan<double> RowAt(int position) => rows.AsSpan(position * m, m);

    /// <summary>Takes a point out of all later answers.</summary>
    public void Remove(int point)
    {
        int position = positionOfPoint[point];
        if (removed[position]) return;
        removed[position] = true;
        for (int node = leafOfPosition[position]; node >= 0; node = parents[node]) alive[node]--;
    }

    /// <summary>Squared distance from a query to a node's box.</summary>
    public double BoxDistance(int node, ReadOnlySpan<double> query)
    {
        double sum = 0;
        int offset = node * 2 * m;
        for (int j = 0; j < m; j++)
        {
            double q = query[j];
            double gap = Math.Max(0, Math.Max(boxes[offset + j] - q, q - boxes[offset + m + j]));
            sum += gap * gap;
        }
        return sum;
    }

    /// <summary>Lowers (best, distance) to the nearest point where it is strictly nearer than the given one.</summary>
    public void Nearest(ReadOnlySpan<double> query, ref int best, ref double distance) => Nearest(0, query, ref best, ref distance);

    /// <summary>Fills a buffer with the nearest points that are left; it must be empty on entry.</summary>
    public void Nearest(ReadOnlySpan<double> query, NeighbourBuffer buffer) => Nearest(0, query, buffer);

    public static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            double d = a[j] - b[j];
            sum += d * d;
        }
        return sum;
    }

    private void Nearest(int node, ReadOnlySpan<double> query, ref int best, ref double distance)
    {
        int right = rights[node];
        if (right == 0)
        {
            for (int p = starts[node]; p < ends[node]; p++)
            {
                if (removed[p]) continue;
                double d = SquaredDistance(query, RowAt(p));
                if (d < distance) (best, distance) = (ids[p], d);
            }
            return;
        }
        double dl = BoxDistance(node + 1, query), dr = BoxDistance(right, query);
        (int near, int far) = dl <= dr ? (node + 1, right) : (right, node + 1);
        if (Math.Min(dl, dr) < distance) Nearest(near, query, ref best, ref distance);
        if (Math.Max(dl, dr) < distance) Nearest(far, query, ref best, ref distance);
    }

    private void Nearest(int node, ReadOnlySpan<double> query, NeighbourBuffer buffer)
    {
        if (alive[node] == 0) return;
        int right = rights[node];
        if (right == 0)
        {
            for (int p = starts[node]; p < ends[node]; p++)
                if (!removed[p]) buffer.Offer(ids[p], SquaredDistance(query, RowAt(p)));
            return;
        }
        double dl = BoxDistance(node + 1, query), dr = BoxDistance(right, query);
        (int near, int far) = dl <= dr ? (node + 1, right) : (right, node + 1);
        if (Math.Min(dl, dr) <= buffer.Largest) Nearest(near, query, buffer);
        if (Math.Max(dl, dr) <= buffer.Largest) Nearest(far, query, buffer);
    }

    private int Build(double[] coordinates, double[] keys, int start, int end, int parent)
    {
        int node = starts.Count;
        starts.Add(start);
        ends.Add(end);
        rights.Add(0);
        parents.Add(parent);
        alive.Add(end - start);
        int widest = AddBox(coordinates, start, end, out double side);
        // Equal points cannot be told apart by a split: they stay one leaf.
        if (end - start <= LeafSize || side == 0)
        {
            leafOfPosition.AsSpan(start, end - start).Fill(node);
            return node;
        }
        for (int p = start; p < end; p++) keys[p] = coordinates[ids[p] * m + widest];
        Array.Sort(keys, ids, start, end - start);
        int middle = start + (end - start) / 2;
        Build(coordinates, keys, start, middle, node);
        rights[node] = Build(coordinates, keys, middle, end, node);
        return node;
    }

    private int AddBox(double[] coordinates, int start, int end, out double side)
    {
        int offset = boxes.Count, widest = 0;
        for (int j = 0; j < 2 * m; j++) boxes.Add(j < m ? double.PositiveInfinity : double.NegativeInfinity);
        side = 0;
        for (int j = 0; j < m; j++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int p = start; p < end; p++)
            {
                double x = coordinates[ids[p] * m + j];
                low = Math.Min(low, x);
                high = Math.Max(high, x);
            }
            boxes[offset + j] = low;
            boxes[offset + m + j] = high;
            if (high - low > side) (widest, side) = (j, high - low);
        }
        return widest;
    }
}
