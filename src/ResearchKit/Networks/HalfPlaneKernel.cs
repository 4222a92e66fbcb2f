using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <summary>
/// Forward and backward pass of f(x) = bias + sum_j c_j v_j max(0, w_j . x + b_j) for two inputs and one output, exact up to
/// round-off, at a fraction of the plain algorithm's work.
/// </summary>
/// <remarks>
/// Eight neurons at a time walk down a tree of the samples. Where all of them are on or off all over a box, their share is a
/// linear function of x and is added to the box; where a line crosses a leaf, its samples are computed. The backward pass
/// follows the recorded walk: since a ReLU is homogeneous, the gradient of a neuron needs the sums of delta, delta x1 and
/// delta x2 over its half-plane alone. Neighbouring neurons are put into one group by <see cref="Arrange"/>.
/// Parameters are laid out as in <see cref="TwoLayerNetwork"/>: w1, w2, b, v, one row of d each, then the output bias.
/// </remarks>
internal sealed unsafe partial class HalfPlaneKernel
{
    /// <summary>Samples of one pass at most: more have too many nodes for the entries of a walk.</summary>
    public const int MostSamples = 1 << 22;

    private const int Lanes = 8, Half = 4, GroupsPerBlock = 64;

    private readonly double[] weights;
    private readonly int width, groups, blocks;
    private readonly int[] order;
    private readonly double[] sorted;
    private readonly HalfPlaneTree tree = new();
    private readonly BlockState[] states;
    private double[] deltas = [], sums = [];
    private bool arranged;

    public HalfPlaneKernel(double[] weights)
    {
        this.weights = weights;
        width = weights.Length;
        groups = (width + Lanes - 1) / Lanes;
        blocks = (groups + GroupsPerBlock - 1) / GroupsPerBlock;
        order = new int[groups * Lanes];
        sorted = new double[4L * groups * Lanes];
        states = new BlockState[blocks];
        for (int i = 0; i < blocks; i++) states[i] = new BlockState();
    }

    /// <summary>Puts neurons of similar lines side by side: sectors of equal count by the line's direction, each sorted by its distance from the origin.</summary>
    public void Arrange(double* p)
    {
        var angle = new double[width];
        var offset = new double[width];
        var index = new int[width];
        for (int j = 0; j < width; j++)
        {
            double w1 = p[j], w2 = p[width + j];
            angle[j] = Math.Atan2(w2, w1);
            offset[j] = p[2 * width + j] / Math.Sqrt(w1 * w1 + w2 * w2);
            index[j] = j;
        }
        Array.Sort(angle, index);
        // Directions run over 2 pi, the lines that matter over a diameter of 2 sqrt(2): about twice as many sectors as steps.
        int sectors = Math.Max(1, (int)Math.Round(Math.Sqrt(2.0 * groups)));
        var keys = new double[width];
        for (int i = 0; i < width; i++) keys[i] = offset[index[i]];
        for (int s = 0; s < sectors; s++)
        {
            int from = (int)((long)s * width / sectors), to = (int)((long)(s + 1) * width / sectors);
            Array.Sort(keys, index, from, to - from);
            // Every other sector backwards: a group that runs across the border then holds neighbours still.
            if (s % 2 == 1) Array.Reverse(index, from, to - from);
        }
        for (int i = 0; i < order.Length; i++) order[i] = i < width ? index[i] : -1;
        arranged = true;
    }

    public void Forward(double* p, double* inputs, int count, double* predictions, bool keep, int threads)
    {
        if (!arranged) Arrange(p);
        tree.Build(inputs, count);
        Load(p);
        Parallelism.ForEach(blocks, threads, block => ForwardBlock(states[block], block, keep));
        Gather(predictions, p[4 * (long)width]);
    }

    public void Backward(double* p, double* predictionGradient, double* gradient, int threads)
    {
        double total = LoadDeltas(predictionGradient);
        gradient[4L * width] = total;
        Parallelism.ForEach(blocks, threads, block => BackwardBlock(states[block], block, gradient));
    }

    /// <summary>Parameters in the groups' order: w1, w2, b and c v; what fills up the last group is zero.</summary>
    private void Load(double* p)
    {
        int padded = groups * Lanes;
        fixed (double* s = sorted, c = weights)
        fixed (int* o = order)
        {
            for (int i = 0; i < padded; i++)
            {
                int j = o[i];
                if (j < 0)
                {
                    s[i] = s[padded + i] = s[2 * padded + i] = s[3 * padded + i] = 0;
                    continue;
                }
                s[i] = p[j];
                s[padded + i] = p[width + j];
                s[2 * padded + i] = p[2 * width + j];
                s[3 * padded + i] = c[j] * p[3 * width + j];
            }
        }
    }

    /// <summary>Adds up the blocks in their order: the linear functions of all boxes around a sample, and its own values.</summary>
    private void Gather(double* predictions, double bias)
    {
        int nodes = tree.Nodes, slots = tree.Slots;
        if (sums.Length < 3 * nodes) sums = new double[3 * 2 * tree.Leaves];
        Span<double> linear = sums.AsSpan(0, 3 * nodes);
        for (int k = 0; k < linear.Length; k++)
        {
            double sum = 0;
            for (int block = 0; block < blocks; block++) sum += Total(states[block].Linear.Ensure(0) + (long)k * Half);
            linear[k] = sum;
        }
        // A node hands what it has to its leaves; preorder reaches parents first.
        if (deltas.Length < slots) deltas = new double[3 * slots];
        Span<double> value = deltas.AsSpan(0, slots);
        value.Fill(bias);
        for (int node = 0; node < nodes; node++)
        {
            double a1 = linear[3 * node], a2 = linear[3 * node + 1], a0 = linear[3 * node + 2];
            if (a1 == 0 && a2 == 0 && a0 == 0) continue;
            for (int i = tree.First[node]; i < tree.End[node]; i++) value[i] += a1 * tree.X1[i] + a2 * tree.X2[i] + a0;
        }
        for (int i = 0; i < slots; i++)
        {
            if (tree.Order[i] < 0) continue;
            double sum = 0;
            for (int block = 0; block < blocks; block++) sum += Total(states[block].Values.Ensure(0) + (long)i * Half);
            predictions[tree.Order[i]] = value[i] + sum;
        }
    }

    private static double Total(double* lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);

    /// <summary>delta, delta x1 and delta x2 of every place, and their sums over every node; returns the sum of delta.</summary>
    private double LoadDeltas(double* predictionGradient)
    {
        int slots = tree.Slots;
        if (deltas.Length < 3 * slots) deltas = new double[3 * slots];
        for (int i = 0; i < slots; i++)
        {
            double delta = tree.Order[i] < 0 ? 0 : predictionGradient[tree.Order[i]];
            deltas[i] = delta;
            deltas[slots + i] = delta * tree.X1[i];
            deltas[2 * slots + i] = delta * tree.X2[i];
        }
        // From the last node to the first: children come before their parents.
        for (int node = tree.Nodes - 1; node >= 0; node--)
        {
            double s0 = 0, s1 = 0, s2 = 0;
            if (tree.After[node] == node + 1)
            {
                for (int i = tree.First[node]; i < tree.End[node]; i++)
                {
                    s0 += deltas[i];
                    s1 += deltas[slots + i];
                    s2 += deltas[2 * slots + i];
                }
            }
            else
            {
                for (int child = node + 1; child < tree.After[node]; child = tree.After[child])
                {
                    s0 += sums[3 * child];
                    s1 += sums[3 * child + 1];
                    s2 += sums[3 * child + 2];
                }
            }
            sums[3 * node] = s0;
            sums[3 * node + 1] = s1;
            sums[3 * node + 2] = s2;
        }
        return sums[0];
    }

    /// <summary>Scratch memory of one block of groups.</summary>
    private sealed class BlockState
    {
        /// <summary>Per node three, per place one vector of partial sums over the block's groups.</summary>
        public readonly NativeBuffer Linear = new(), Values = new();

        /// <summary>The recorded walks: (node, lanes that are on), or (node, Crossed).</summary>
        public int[] Walk = [];

        /// <summary>Where each group's walk ends.</summary>
        public readonly int[] Ends = new int[GroupsPerBlock];
    }
}
