using ResearchKit.Cli;
using Spectre.Console;

namespace ResearchKit.Notebooks.Tests.Cli;

public class ErrorPrinterTests
{
    public static TheoryData<Exception, string> Errors => new()
    {
        { new IOException("No space left on device", 28), "The disk is full" },
        { new IOException("There is not enough space on the disk", unchecked((int)0x80070070)), "The disk is full" },
        { new UnauthorizedAccessException("Access to 'x' is denied."), "Check the permissions" },
        { new ArgumentOutOfRangeException("degree", 300, "The degree k must lie between 0 and 255."), "between 0 and 255." },
        { new OutOfMemoryException(), "Not enough memory" },
        { new InvalidOperationException("odd"), "bug in ResearchKit" },
        { new AggregateException(new InvalidDataException("torn [file]")), "torn [file]" },
    };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public void Each_error_is_one_message(Exception error, string message)
    {
        (int code, string text) = Print(error);
        Assert.Equal(2, code);
        Assert.Contains(message, text);
        Assert.DoesNotContain("Parameter '", text);
        Assert.StartsWith("error: ", text);
    }

    [Fact]
    public void Cancellation_is_no_error() => Assert.Equal((130, "cancelled\n"), Print(new OperationCanceledException()));

    private static (int Code, string Text) Print(Exception error)
    {
        var writer = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 4096;
        int code = ErrorPrinter.Print(new CliContext { Out = console, Error = console }, error);
        return (code, writer.ToString());
    }
}
