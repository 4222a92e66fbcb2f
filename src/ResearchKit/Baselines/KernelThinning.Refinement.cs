namespace ResearchKit.Baselines;

public static partial class KernelThinning
{
    /// <summary>
    /// The last two steps, greedy in the MMD to the whole set. For s chosen objects of weight 1/s,
    /// MMD^2 = S / s^2 - 2 T / s + constant with S the sum of k over pairs of chosen objects and T the sum of the whole
    /// set's mean of k(., x) over the chosen: an object's share is its sum of k over the chosen, divided by s, less that mean.
    /// </summary>
    private sealed class Refinement
    {
        private readonly CompressionOptions options;
        private readonly int[] candidates;
        private readonly GaussianKernel own;
        private readonly double[] mean;
        private readonly double[] sums;
        private readonly bool[] chosen;

        public Refinement(GaussianKernel whole, int[] candidates, CompressionOptions options)
        {
            this.options = options;
            this.candidates = candidates;
            own = whole.Select(candidates);
            mean = whole.MeanAt(own, options.Parallel());
            sums = new double[GaussianKernel.Padded(candidates.Length)];
            chosen = new bool[candidates.Length];
            Report(options, "embed", 0.7);
        }

        /// <summary>Drops and swaps; returns exactly d' objects.</summary>
        /// <param name="start">At least d' of the candidates, in their order.</param>
        /// <param name="budget">d'.</param>
        public int[] Run(int[] start, int budget)
        {
            var position = new Dictionary<int, int>(candidates.Length);
            for (int i = 0; i < candidates.Length; i++) position[candidates[i]] = i;
            List<int> members = [.. start.Select(i => position[i])];
            foreach (int i in members)
            {
                chosen[i] = true;
                own.AddTo(sums, 1, i);
            }
            Drop(members, budget);
            Swap(members);
            return [.. members.Select(i => candidates[i])];
        }

        private void Drop(List<int> members, int budget)
        {
            while (members.Count > budget)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                int left = members.Count - 1, worst = 0;
                double most = double.NegativeInfinity;
                for (int p = 0; p < members.Count; p++)
                {
                    double share = sums[members[p]] / left - mean[members[p]];
                    if (share > most) (worst, most) = (p, share);
                }
                int gone = members[worst];
                members.RemoveAt(worst);
                chosen[gone] = false;
                own.AddTo(sums, -1, gone);
            }
        }

        private void Swap(List<int> members)
        {
            for (int p = 0; p < members.Count; p++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                int old = members[p], best = old;
                own.AddTo(sums, -1, old);
                double least = sums[old] / members.Count - mean[old];
                for (int i = 0; i < mean.Length; i++)
                {
                    double share = sums[i] / members.Count - mean[i];
                    if (share < least && !chosen[i]) (best, least) = (i, share);
                }
                chosen[old] = false;
                chosen[best] = true;
                members[p] = best;
                own.AddTo(sums, 1, best);
                if ((p & 255) == 0) Report(options, "swap", 0.75 + 0.25 * p / members.Count);
            }
        }
    }
}
