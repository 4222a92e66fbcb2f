namespace ResearchKit;

/// <summary>The least budget that meets a tolerance, where only the budget is free.</summary>
internal static class BudgetBracket
{
    /// <summary>A search ends when the bracket is this narrow; going to the last object costs more than it saves.</summary>
    public const double Precision = 1.08;

    /// <summary>
    /// The part of a tolerance that a search asks of the estimate: of many trials near the tolerance it takes one that is
    /// lucky on the probes, so that other functions find it a little worse. The price is a few percent in d'.
    /// </summary>
    public const double Caution = 2.0 / 3;

    /// <summary>Searches; log(error) is about linear in log(d') (T4).</summary>
    /// <param name="least">The least budget that is possible.</param>
    /// <param name="objects">The budget that keeps everything, with error 0.</param>
    /// <param name="tolerance">The largest allowed <see cref="Certificate.EstimatedError"/>.</param>
    /// <param name="compress">Compresses to a budget.</param>
    public static CompressedSet Fewest(int least, int objects, double tolerance, Func<int, CompressedSet> compress)
    {
        CompressedSet? best = null;
        int fails = Math.Min(least, objects) - 1, budget = fails + 1, high = int.MaxValue;
        double failed = double.NaN, held = double.NaN;
        while (true)
        {
            CompressedSet trial = compress(budget);
            double error = trial.Certificate.EstimatedError;
            if (error <= tolerance || budget >= objects)
            {
                // A trial may use fewer objects than it was allowed.
                (high, held) = (Math.Min(budget, trial.Count), error);
                if (best is null || trial.Count < best.Count) best = trial;
            }
            else
            {
                (fails, failed) = (budget, error);
            }
            if (best is null)
            {
                budget = (int)Math.Min(objects, 2L * fails);
                continue;
            }
            if (high <= fails + 1 || high <= Precision * fails) return best;
            double middle = Math.Sqrt(Math.Max(1.0, fails) * high), share = Math.Log(failed / tolerance) / Math.Log(failed / held);
            double guess = fails * Math.Pow(high / Math.Max(1.0, fails), share);
            // Interpolated, but well inside: each step must shrink the bracket.
            double inside = double.IsFinite(guess) && held > 0 ? Math.Clamp(guess, fails + 0.2 * (middle - fails), high - 0.2 * (high - middle)) : middle;
            budget = Math.Clamp((int)Math.Round(inside), fails + 1, high - 1);
        }
    }
}
