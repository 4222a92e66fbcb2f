using ResearchKit.Tasks;

namespace ResearchKit.Baselines;

/// <summary>
/// Exact k-means++ seeding (Arthur and Vassilvitskii, 2007) of weighted points: each centre is drawn with probability
/// proportional to weight times squared distance to the nearest centre so far.
/// </summary>
/// <remarks>
/// A k-d tree carries, per node, the sum and the largest of those squared distances. A new centre visits only nodes whose
/// box it can improve, and a draw descends by the sums: K centres cost about K log d instead of K d.
/// </remarks>
internal static class PlusPlusSeeding
{
    /// <summary>Draws up to <paramref name="count"/> distinct points; fewer when fewer distinct points have weight.</summary>
    /// <returns>Point indices in the order drawn.</returns>
    public static int[] Draw(double[] coordinates, int dimension, ReadOnlySpan<double> weights, int count, ref SeededRandom random, CancellationToken cancel)
    {
        var field = new DistanceField(new NeighbourTree(coordinates, dimension), weights, coordinates.Length / dimension);
        var centres = new List<int>(count);
        while (centres.Count < count)
        {
            if ((centres.Count & 255) == 0) cancel.ThrowIfCancellationRequested();
            int position = field.Sample(random.NextDouble());
            if (position < 0) break;
            centres.Add(field.Tree.PointAt(position));
            field.AddCentre(position);
        }
        return [.. centres];
    }

    private sealed class DistanceField
    {
        private readonly double[] weight, distance, sum, largest;

        public DistanceField(NeighbourTree tree, ReadOnlySpan<double> weights, int count)
        {
            Tree = tree;
            weight = new double[count];
            distance = new double[count];
            sum = new double[tree.NodeCount];
            largest = new double[tree.NodeCount];
            // Distance 1 everywhere makes the first draw proportional to the weight alone; infinite bounds make the
            // first centre overwrite every distance.
            for (int p = 0; p < count; p++) (weight[p], distance[p]) = (weights.IsEmpty ? 1 : weights[tree.PointAt(p)], 1);
            for (int node = tree.NodeCount - 1; node >= 0; node--) Summarise(node);
            Array.Fill(distance, double.PositiveInfinity);
            Array.Fill(largest, double.PositiveInfinity);
        }

        public NeighbourTree Tree { get; }

        /// <summary>A position drawn by the fraction u of the total, or -1 when the total is zero.</summary>
        public int Sample(double u)
        {
            if (!(sum[0] > 0)) return -1;
            double target = u * sum[0];
            int node = 0;
            while (Tree.Right(node) is int right and > 0)
            {
                // Rounding may leave target past the end: never enter a side without mass.
                if (target < sum[node + 1] || !(sum[right] > 0))
                {
                    node++;
                }
                else
                {
                    target -= sum[node + 1];
                    node = right;
                }
            }
            int last = -1;
            for (int p = Tree.Start(node); p < Tree.End(node); p++)
            {
                double mass = Mass(p);
                if (!(mass > 0)) continue;
                last = p;
                if (target < mass) break;
                target -= mass;
            }
            return last;
        }

        public void AddCentre(int position) => Update(0, Tree.RowAt(position));

        private void Update(int node, ReadOnlySpan<double> centre)
        {
            if (Tree.BoxDistance(node, centre) >= largest[node]) return;
            int right = Tree.Right(node);
            if (right == 0)
            {
                for (int p = Tree.Start(node); p < Tree.End(node); p++)
                    distance[p] = Math.Min(distance[p], NeighbourTree.SquaredDistance(centre, Tree.RowAt(p)));
            }
            else
            {
                Update(node + 1, centre);
                Update(right, centre);
            }
            Summarise(node);
        }

        private void Summarise(int node)
        {
            int right = Tree.Right(node);
            double total = 0, most = 0;
            if (right > 0)
            {
                total = sum[node + 1] + sum[right];
                most = Math.Max(largest[node + 1], largest[right]);
            }
            else
            {
                for (int p = Tree.Start(node); p < Tree.End(node); p++)
                {
                    total += Mass(p);
                    most = Math.Max(most, distance[p]);
                }
            }
            (sum[node], largest[node]) = (total, most);
        }

        // Before the first centre every distance is infinite, and then only the weight counts.
        private double Mass(int position) =>
            double.IsInfinity(distance[position]) ? weight[position] : weight[position] * distance[position];
    }
}
