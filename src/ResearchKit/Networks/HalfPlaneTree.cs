namespace ResearchKit.Networks;

/// <summary>
/// Samples of the plane in a tree of boxes: leaves of eight samples, the last one filled up with its last sample, nodes in
/// preorder with the number of the node that follows a node's whole subtree.
/// </summary>
/// <remarks>
/// A ReLU neuron of two inputs is a half-plane. On a box that its line does not meet it is linear or zero for all samples
/// at once: of n samples only those near the line, about sqrt(n) boxes, are computed one by one.
/// </remarks>
internal sealed unsafe class HalfPlaneTree
{
    /// <summary>Samples per leaf.</summary>
    public const int LeafSize = 8;

    private double[] rows = [];

    /// <summary>The number of nodes, of leaves, and of places for samples.</summary>
    public int Nodes, Leaves, Slots;

    /// <summary>The sample in each place; -1 in one that fills up the last leaf.</summary>
    public int[] Order = [];

    /// <summary>Coordinates of each place.</summary>
    public double[] X1 = [], X2 = [];

    /// <summary>Centre and half widths of each node's box: (c1, c2, h1, h2).</summary>
    public double[] Boxes = [];

    /// <summary>The node after each node's subtree, its first and its last place plus one.</summary>
    public int[] After = [], First = [], End = [];

    /// <summary>Builds the tree of finite inputs (x1, x2).</summary>
    public void Build(double* inputs, int count)
    {
        Leaves = (count + LeafSize - 1) / LeafSize;
        Slots = Leaves * LeafSize;
        if (Order.Length < Slots)
        {
            Order = new int[Slots];
            rows = new double[2 * Slots];
            X1 = new double[Slots];
            X2 = new double[Slots];
            int nodes = 2 * Leaves;
            Boxes = new double[4 * nodes];
            After = new int[nodes];
            First = new int[nodes];
            End = new int[nodes];
        }
        Nodes = 0;
        for (int i = 0; i < count; i++) Order[i] = i;
        new ReadOnlySpan<double>(inputs, 2 * count).CopyTo(rows);
        fixed (double* r = rows)
        fixed (int* order = Order)
        {
            Split(r, order, 0, count, Leaves);
            for (int i = 0; i < Slots; i++)
            {
                double* row = r + 2 * Math.Min(i, count - 1);
                (X1[i], X2[i]) = (row[0], row[1]);
                if (i >= count) order[i] = -1;
            }
        }
    }

    private void Split(double* r, int* order, int lo, int hi, int leaves)
    {
        int node = Nodes++;
        First[node] = lo;
        End[node] = lo + leaves * LeafSize;
        int axis = Box(r, lo, hi, node);
        if (leaves > 1)
        {
            int middle = Cut(r, order, lo, hi, leaves, axis, out int left);
            // Two cuts make one level: four boxes side by side cost less than two twice.
            Half(r, order, lo, middle, left);
            Half(r, order, middle, hi, leaves - left);
        }
        After[node] = Nodes;
    }

    private void Half(double* r, int* order, int lo, int hi, int leaves)
    {
        if (leaves < 4)
        {
            Split(r, order, lo, hi, leaves);
            return;
        }
        int middle = Cut(r, order, lo, hi, leaves, Box(r, lo, hi, Nodes), out int left);
        Split(r, order, lo, middle, left);
        Split(r, order, middle, hi, leaves - left);
    }

    private static int Cut(double* r, int* order, int lo, int hi, int leaves, int axis, out int left)
    {
        left = leaves / 2;
        int middle = lo + left * LeafSize;
        new NthSelection(r, null, order, 2, axis).Run(lo, hi - 1, middle);
        return middle;
    }

    /// <summary>Stores a range's bounding box and returns its wider axis.</summary>
    private int Box(double* r, int lo, int hi, int node)
    {
        double low1 = r[2 * lo], high1 = low1, low2 = r[2 * lo + 1], high2 = low2;
        for (int i = lo + 1; i < hi; i++)
        {
            low1 = Math.Min(low1, r[2 * i]);
            high1 = Math.Max(high1, r[2 * i]);
            low2 = Math.Min(low2, r[2 * i + 1]);
            high2 = Math.Max(high2, r[2 * i + 1]);
        }
        // Halves before sums: a box from the least to the largest double has no finite width.
        Boxes[4 * node] = low1 / 2 + high1 / 2;
        Boxes[4 * node + 1] = low2 / 2 + high2 / 2;
        Boxes[4 * node + 2] = high1 / 2 - low1 / 2;
        Boxes[4 * node + 3] = high2 / 2 - low2 / 2;
        return Boxes[4 * node + 2] >= Boxes[4 * node + 3] ? 0 : 1;
    }
}
