namespace ResearchKit.Engine.Jupyter;

/// <summary>A kernel cannot start; the message says why and what to do.</summary>
public sealed class JupyterKernelException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong, with the remedy.</param>
    /// <param name="inner">Its cause.</param>
    public JupyterKernelException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
