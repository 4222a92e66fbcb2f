namespace ResearchKit.Engine;

/// <summary>A sink whose reader can be asked: what <c>Console.ReadLine()</c> of a cell reads from.</summary>
internal interface IInputSource
{
    /// <summary>Asks and blocks until a line is there.</summary>
    /// <param name="prompt">What the user is asked.</param>
    /// <param name="password">Whether the answer is hidden.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">Nobody can be asked.</exception>
    string ReadLine(string prompt, bool password, CancellationToken cancellation);
}
