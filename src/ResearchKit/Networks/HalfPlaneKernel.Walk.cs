using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit.Networks;

/// <content>The walks of a block's groups through the tree.</content>
internal sealed unsafe partial class HalfPlaneKernel
{
    /// <summary>An entry of a walk is the node's number times <see cref="Entry"/>, and the lanes that are on or <see cref="Crossed"/>: the samples of this leaf were computed one by one.</summary>
    private const int Entry = 512, Crossed = 256, All = 255;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardBlock(BlockState state, int block, bool keep)
    {
        int nodes = tree.Nodes, slots = tree.Slots, padded = groups * Lanes;
        double* linear = state.Linear.Ensure(3L * nodes * Half), values = state.Values.Ensure((long)slots * Half);
        new Span<double>(linear, 3 * nodes * Half).Clear();
        new Span<double>(values, slots * Half).Clear();
        int first = block * GroupsPerBlock, last = Math.Min(groups, first + GroupsPerBlock), length = 0;
        fixed (double* s = sorted, boxes = tree.Boxes, x1 = tree.X1, x2 = tree.X2)
        fixed (int* after = tree.After, places = tree.First)
        {
            for (int group = first; group < last; group++)
            {
                if (keep && state.Walk.Length < length + nodes) Array.Resize(ref state.Walk, Math.Max(2 * state.Walk.Length, length + nodes));
                double* g = s + group * Lanes;
                Vector256<double> u1 = Vector256.Load(g), u2 = Vector256.Load(g + padded), ub = Vector256.Load(g + 2 * padded), uv = Vector256.Load(g + 3 * padded);
                g += Half;
                Vector256<double> w1 = Vector256.Load(g), w2 = Vector256.Load(g + padded), wb = Vector256.Load(g + 2 * padded), wv = Vector256.Load(g + 3 * padded);
                fixed (int* walk = state.Walk)
                {
                    int node = 0;
                    while (node < nodes)
                    {
                        double* box = boxes + 4L * node;
                        Vector256<double> c1 = Vector256.Create(box[0]), c2 = Vector256.Create(box[1]), h1 = Vector256.Create(box[2]), h2 = Vector256.Create(box[3]);
                        Vector256<double> um = Vector256.FusedMultiplyAdd(u1, c1, Vector256.FusedMultiplyAdd(u2, c2, ub));
                        Vector256<double> ur = Vector256.FusedMultiplyAdd(Vector256.Abs(u1), h1, Vector256.Abs(u2) * h2);
                        Vector256<double> wm = Vector256.FusedMultiplyAdd(w1, c1, Vector256.FusedMultiplyAdd(w2, c2, wb));
                        Vector256<double> wr = Vector256.FusedMultiplyAdd(Vector256.Abs(w1), h1, Vector256.Abs(w2) * h2);
                        Vector256<double> uOn = Vector256.GreaterThan(um, ur), wOn = Vector256.GreaterThan(wm, wr);
                        uint on = uOn.ExtractMostSignificantBits() | wOn.ExtractMostSignificantBits() << Half;
                        uint off = Vector256.LessThanOrEqual(um, -ur).ExtractMostSignificantBits() | Vector256.LessThanOrEqual(wm, -wr).ExtractMostSignificantBits() << Half;
                        if ((on | off) == All)
                        {
                            if (on != 0)
                            {
                                double* sum = linear + 3L * Half * node;
                                Vector256<double> uOne = uv & uOn, wOne = wv & wOn;
                                Vector256.FusedMultiplyAdd(wOne, w1, Vector256.FusedMultiplyAdd(uOne, u1, Vector256.Load(sum))).Store(sum);
                                Vector256.FusedMultiplyAdd(wOne, w2, Vector256.FusedMultiplyAdd(uOne, u2, Vector256.Load(sum + Half))).Store(sum + Half);
                                Vector256.FusedMultiplyAdd(wOne, wb, Vector256.FusedMultiplyAdd(uOne, ub, Vector256.Load(sum + 2 * Half))).Store(sum + 2 * Half);
                                if (keep) walk[length++] = Entry * node | (int)on;
                            }
                            node = after[node];
                        }
                        else
                        {
                            if (after[node] == node + 1)
                            {
                                int place = places[node];
                                double* a1 = x1 + place, a2 = x2 + place, value = values + (long)place * Half;
                                for (int i = 0; i < HalfPlaneTree.LeafSize; i++)
                                {
                                    Vector256<double> x = Vector256.Create(a1[i]), y = Vector256.Create(a2[i]);
                                    Vector256<double> uz = Vector256.FusedMultiplyAdd(u1, x, Vector256.FusedMultiplyAdd(u2, y, ub));
                                    Vector256<double> wz = Vector256.FusedMultiplyAdd(w1, x, Vector256.FusedMultiplyAdd(w2, y, wb));
                                    // Zero first: the maximum of the hardware returns its second argument when one is NaN.
                                    Vector256<double> f = Vector256.FusedMultiplyAdd(uv, Vector256.MaxNative(Vector256<double>.Zero, uz), Vector256.Load(value + i * Half));
                                    Vector256.FusedMultiplyAdd(wv, Vector256.MaxNative(Vector256<double>.Zero, wz), f).Store(value + i * Half);
                                }
                                if (keep) walk[length++] = Entry * node | Crossed;
                            }
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
        fixed (Vector256<double>* masks = Masks)
        {
            for (int group = first; group < last; group++)
            {
                double* g = s + group * Lanes;
                Vector256<double> u1 = Vector256.Load(g), u2 = Vector256.Load(g + padded), ub = Vector256.Load(g + 2 * padded);
                g += Half;
                Vector256<double> w1 = Vector256.Load(g), w2 = Vector256.Load(g + padded), wb = Vector256.Load(g + 2 * padded);
                Vector256<double> p0 = Vector256<double>.Zero, p1 = p0, p2 = p0, q0 = p0, q1 = p0, q2 = p0;
                for (int end = state.Ends[group - first]; at < end; at++)
                {
                    int node = walk[at] / Entry;
                    if ((walk[at] & Crossed) == 0)
                    {
                        Vector256<double> uOn = masks[walk[at] & 15], wOn = masks[walk[at] >> Half & 15];
                        double* of = sum + 3L * node;
                        Vector256<double> t0 = Vector256.Create(of[0]), t1 = Vector256.Create(of[1]), t2 = Vector256.Create(of[2]);
                        p0 += t0 & uOn;
                        p1 += t1 & uOn;
                        p2 += t2 & uOn;
                        q0 += t0 & wOn;
                        q1 += t1 & wOn;
                        q2 += t2 & wOn;
                        continue;
                    }
                    int place = places[node];
                    double* a1 = x1 + place, a2 = x2 + place, d0 = delta + place, d1 = d0 + slots, d2 = d1 + slots;
                    for (int i = 0; i < HalfPlaneTree.LeafSize; i++)
                    {
                        Vector256<double> x = Vector256.Create(a1[i]), y = Vector256.Create(a2[i]);
                        Vector256<double> uOn = Vector256.GreaterThan(Vector256.FusedMultiplyAdd(u1, x, Vector256.FusedMultiplyAdd(u2, y, ub)), Vector256<double>.Zero);
                        Vector256<double> wOn = Vector256.GreaterThan(Vector256.FusedMultiplyAdd(w1, x, Vector256.FusedMultiplyAdd(w2, y, wb)), Vector256<double>.Zero);
                        Vector256<double> t0 = Vector256.Create(d0[i]), t1 = Vector256.Create(d1[i]), t2 = Vector256.Create(d2[i]);
                        p0 += t0 & uOn;
                        p1 += t1 & uOn;
                        p2 += t2 & uOn;
                        q0 += t0 & wOn;
                        q1 += t1 & wOn;
                        q2 += t2 & wOn;
                    }
                }
                Vector256.FusedMultiplyAdd(u1, p1, Vector256.FusedMultiplyAdd(u2, p2, ub * p0)).Store(result + 3 * Lanes);
                Vector256.FusedMultiplyAdd(w1, q1, Vector256.FusedMultiplyAdd(w2, q2, wb * q0)).Store(result + 3 * Lanes + Half);
                g += 3 * padded;
                Vector256<double> v = Vector256.Load(g - Half);
                (v * p1).Store(result);
                (v * p2).Store(result + Lanes);
                (v * p0).Store(result + 2 * Lanes);
                v = Vector256.Load(g);
                (v * q1).Store(result + Half);
                (v * q2).Store(result + Lanes + Half);
                (v * q0).Store(result + 2 * Lanes + Half);
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
}
