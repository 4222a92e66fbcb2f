using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <content>The walks of a block's groups through the tree.</content>
internal sealed unsafe partial class HalfPlaneKernel
{
    /// <summary>In a walk's entry, beside the node's number times 32: the samples of this leaf were computed one by one.</summary>
    private const int Crossed = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardBlock(BlockState state, int block, bool keep)
    {
        int nodes = tree.Nodes, slots = tree.Slots, padded = groups * Lanes;
        double* linear = state.Linear.Ensure(3L * nodes * Lanes), values = state.Values.Ensure((long)slots * Lanes);
        new Span<double>(linear, 3 * nodes * Lanes).Clear();
        new Span<double>(values, slots * Lanes).Clear();
        int first = block * GroupsPerBlock, last = Math.Min(groups, first + GroupsPerBlock), length = 0;
        fixed (double* s = sorted, boxes = tree.Boxes, x1 = tree.X1, x2 = tree.X2)
        fixed (int* skip = tree.Skip, places = tree.First)
        {
            for (int group = first; group < last; group++)
            {
                if (keep && state.Walk.Length < length + nodes) Array.Resize(ref state.Walk, Math.Max(2 * state.Walk.Length, length + nodes));
                double* g = s + group * Lanes;
                Vector256<double> w1 = Vector256.Load(g), w2 = Vector256.Load(g + padded), b = Vector256.Load(g + 2 * padded), v = Vector256.Load(g + 3 * padded);
                Vector256<double> size1 = Vector256.Abs(w1), size2 = Vector256.Abs(w2);
                Vector256<double> v1 = v * w1, v2 = v * w2, v0 = v * b;
                fixed (int* walk = state.Walk)
                {
                    int node = 0;
                    while (node < nodes)
                    {
                        double* box = boxes + 4L * node;
                        Vector256<double> middle = Fused(w1, box[0], Fused(w2, box[1], b)), reach = Fused(size1, box[2], size2 * box[3]);
                        Vector256<double> on = Vector256.GreaterThan(middle, reach);
                        uint isOn = on.ExtractMostSignificantBits(), isOff = Vector256.LessThanOrEqual(middle, -reach).ExtractMostSignificantBits();
                        if ((isOn | isOff) == 15)
                        {
                            if (isOn != 0)
                            {
                                double* sum = linear + 3L * Lanes * node;
                                (Vector256.Load(sum) + (v1 & on)).Store(sum);
                                (Vector256.Load(sum + Lanes) + (v2 & on)).Store(sum + Lanes);
                                (Vector256.Load(sum + 2 * Lanes) + (v0 & on)).Store(sum + 2 * Lanes);
                                if (keep) walk[length++] = 32 * node | (int)isOn;
                            }
                            node = skip[node];
                        }
                        else if (skip[node] == node + 1)
                        {
                            int place = places[node];
                            double* a1 = x1 + place, a2 = x2 + place, value = values + (long)place * Lanes;
                            for (int i = 0; i < HalfPlaneTree.LeafSize; i++)
                            {
                                Vector256<double> z = Fused(w1, a1[i], Fused(w2, a2[i], b));
                                // Zero first: the maximum of the hardware returns its second argument when one is NaN.
                                Vector256.FusedMultiplyAdd(v, Vector256.MaxNative(Vector256<double>.Zero, z), Vector256.Load(value + i * Lanes)).Store(value + i * Lanes);
                            }
                            if (keep) walk[length++] = 32 * node | Crossed;
                            node++;
                        }
                        else
                        {
                            node++;
                        }
                    }
                }
                if (keep) state.Ends[group - first] = length;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardBlock(BlockState state, int block, double* gradient)
    {
        int slots = tree.Slots, padded = groups * Lanes;
        int first = block * GroupsPerBlock, last = Math.Min(groups, first + GroupsPerBlock), at = 0;
        double* result = stackalloc double[4 * Lanes];
        fixed (double* s = sorted, x1 = tree.X1, x2 = tree.X2, delta = deltas, sum = sums, c = weights)
        fixed (int* walk = state.Walk, places = tree.First, o = order)
        {
            for (int group = first; group < last; group++)
            {
                double* g = s + group * Lanes;
                Vector256<double> w1 = Vector256.Load(g), w2 = Vector256.Load(g + padded), b = Vector256.Load(g + 2 * padded), v = Vector256.Load(g + 3 * padded);
                Vector256<double> s0 = Vector256<double>.Zero, s1 = Vector256<double>.Zero, s2 = Vector256<double>.Zero;
                for (int end = state.Ends[group - first]; at < end; at++)
                {
                    int node = walk[at] >> 5;
                    if ((walk[at] & Crossed) == 0)
                    {
                        Vector256<double> on = Masks[walk[at] & 15];
                        double* of = sum + 3L * node;
                        s0 += Vector256.Create(of[0]) & on;
                        s1 += Vector256.Create(of[1]) & on;
                        s2 += Vector256.Create(of[2]) & on;
                        continue;
                    }
                    int place = places[node];
                    double* a1 = x1 + place, a2 = x2 + place, d0 = delta + place, d1 = d0 + slots, d2 = d1 + slots;
                    for (int i = 0; i < HalfPlaneTree.LeafSize; i++)
                    {
                        Vector256<double> on = Vector256.GreaterThan(Fused(w1, a1[i], Fused(w2, a2[i], b)), Vector256<double>.Zero);
                        s0 += Vector256.Create(d0[i]) & on;
                        s1 += Vector256.Create(d1[i]) & on;
                        s2 += Vector256.Create(d2[i]) & on;
                    }
                }
                (v * s1).Store(result);
                (v * s2).Store(result + Lanes);
                (v * s0).Store(result + 2 * Lanes);
                Vector256.FusedMultiplyAdd(w1, s1, Vector256.FusedMultiplyAdd(w2, s2, b * s0)).Store(result + 3 * Lanes);
                for (int lane = 0; lane < Lanes; lane++)
                {
                    int j = o[group * Lanes + lane];
                    if (j < 0) continue;
                    gradient[j] = result[lane];
                    gradient[width + j] = result[Lanes + lane];
                    gradient[2 * width + j] = result[2 * Lanes + lane];
                    gradient[3 * width + j] = c[j] * result[3 * Lanes + lane];
                }
            }
        }
    }

    /// <summary>The sixteen masks of four lanes.</summary>
    private static readonly Vector256<double>[] Masks = [.. Enumerable.Range(0, 16).Select(static bits =>
        Vector256.Create(-(bits & 1L), -(bits >> 1 & 1L), -(bits >> 2 & 1L), -(bits >> 3 & 1L)).AsDouble())];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Fused(Vector256<double> a, double x, Vector256<double> b)
        => Vector256.FusedMultiplyAdd(a, Vector256.Create(x), b);
}
