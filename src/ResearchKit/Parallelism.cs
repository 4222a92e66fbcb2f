using System.Runtime.ExceptionServices;

namespace ResearchKit;

/// <summary>What parallel loops have in common.</summary>
internal static class Parallelism
{
    /// <summary>A loop whose turns may run on several threads.</summary>
    public static void ForEach(int count, int threads, Action<int> body)
    {
        if (threads == 1 || count == 1)
        {
            for (int i = 0; i < count; i++) body(i);
            return;
        }
        Unwrap(() => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body));
    }

    /// <summary>The same for work without a result.</summary>
    public static void Unwrap(Action work) => Unwrap(() =>
    {
        work();
        return true;
    });

    /// <summary>
    /// Runs work whose loops may fail on several threads, and throws the first failure itself instead of a collection of
    /// them: callers meet the same exceptions for any number of threads.
    /// </summary>
    public static T Unwrap<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (AggregateException failures)
        {
            Exception first = failures.Flatten().InnerExceptions[0];
            ExceptionDispatchInfo.Throw(first);
            throw;
        }
    }
}
