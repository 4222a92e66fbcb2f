// What a cell of .NET Interactive sees without a prefix, under the names and in the namespaces of the last version:
// Kernel from the kernel's own assembly, DisplayExtensions in System. Cells must compile against these, not against our engine.
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;
using ResearchKit.InteractiveHost;

namespace Microsoft.DotNet.Interactive.Formatting
{
    /// <summary>What a cell has shown.</summary>
    public class DisplayedValue
    {
        /// <summary>Replaces what is shown.</summary>
        public void Update(object updatedValue) => CellOutputs.Current.Add(updatedValue);
    }
}

namespace Microsoft.DotNet.Interactive
{
    /// <summary>Imported statically into every notebook.</summary>
    public static class Kernel
    {
#pragma warning disable IDE1006 // Lower case is what cells call.
        public static DisplayedValue display(object value, params string[] mimeTypes)
        {
            CellOutputs.Current.Add(value, mimeTypes);
            return new DisplayedValue();
        }

        public static IHtmlContent HTML(string content) => new HtmlString(content);

        public static void CSS(string content) => display(new HtmlString($"<style>{content}</style>"));

        public static void Javascript(string content) => display(new HtmlString($"<script>{content}</script>"));
#pragma warning restore IDE1006
    }
}

namespace System
{
    public static class DisplayExtensions
    {
        public static DisplayedValue Display(this object value, params string[] mimeTypes) => Microsoft.DotNet.Interactive.Kernel.display(value, mimeTypes);

        public static DisplayedValue DisplayAs(this string value, string mimeType)
        {
            CellOutputs.Current.AddText(mimeType, value);
            return new DisplayedValue();
        }
    }
}
