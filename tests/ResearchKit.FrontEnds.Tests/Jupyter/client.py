"""Drives the installed kernel through Jupyter's own client and prints what came back, one JSON object per scenario.

Usage: client.py SCENARIO [ARGUMENT]. The kernel is the one named 'researchkit' in JUPYTER_DATA_DIR.
"""
import json
import os
import queue
import sys
import time

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

LIMIT = 120  # seconds that a loaded machine may take for anything


class Kernel:
    def __init__(self):
        self.began = time.monotonic()
        self.manager = KernelManager(kernel_name="researchkit")
        self.manager.start_kernel()
        self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=LIMIT)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)

    def outputs_of(self, msg_id):
        """Everything published for a request, until the kernel is idle again."""
        found = []
        while True:
            msg = self.client.get_iopub_msg(timeout=LIMIT)
            if msg["parent_header"].get("msg_id") != msg_id:
                continue
            if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
                return found
            found.append({"type": msg["msg_type"], "content": msg["content"]})

    def reply_to(self, msg_id):
        while True:
            reply = self.client.get_shell_msg(timeout=LIMIT)
            if reply["parent_header"].get("msg_id") == msg_id:
                return reply["content"]

    def run(self, code, answers=(), **options):
        began = time.monotonic()
        msg_id = self.client.execute(code, allow_stdin=bool(answers), **options)
        for answer in answers:
            question = self.client.get_stdin_msg(timeout=LIMIT)
            self.client.input(answer(question["content"]) if callable(answer) else answer)
        reply = self.reply_to(msg_id)
        seconds = time.monotonic() - began
        return {"reply": reply, "outputs": self.outputs_of(msg_id), "seconds": seconds}

    def ask(self, method, *arguments, **options):
        return self.reply_to(getattr(self.client, method)(*arguments, **options))

    def interrupt_after(self, code, delay):
        """Executes, interrupts once the cell says that it runs, and measures from there to the reply."""
        msg_id = self.client.execute(code)
        while True:
            msg = self.client.get_iopub_msg(timeout=LIMIT)
            if msg["msg_type"] == "stream" and msg["parent_header"].get("msg_id") == msg_id:
                break
        time.sleep(delay)
        began = time.monotonic()
        self.manager.interrupt_kernel()
        reply = self.reply_to(msg_id)
        return {"reply": reply, "seconds": time.monotonic() - began, "outputs": self.outputs_of(msg_id)}


def outputs(kernel):
    return [
        kernel.run('Console.WriteLine("out"); Console.Error.WriteLine("err"); 6 * 7'),
        kernel.run('var shown = display("one"); shown.Update("two");'),
        kernel.run('shown.Update("three");'),
        kernel.run('display(HTML("<b>bold</b>")); "# t".DisplayAs("text/markdown");'),
        kernel.run("for (int i = 0; i < 20000; i++) Console.WriteLine(i);"),
        kernel.run("1 + 1", silent=True),
        kernel.run("var x = 21;", user_expressions={"twice": "2 * x", "wrong": "2 * y"}),
    ]


def errors(kernel):
    found = [
        kernel.run("int a = 1;\n  int b = a +* 2;"),
        kernel.run('int Half(int n)\n{\n    if (n % 2 == 1) throw new ArgumentException("odd");\n    return n / 2;\n}'),
        kernel.run("var fine = Half(4);\nvar wrong = Half(5);"),
        kernel.run('#r "../environment/nowhere/Missing.dll"\nusing Missing;'),
    ]
    # Two cells sent at once: the second is not executed because the first fails.
    first = kernel.client.execute('System.Threading.Thread.Sleep(500); throw new Exception("first");')
    second = kernel.client.execute('Console.WriteLine("second");')
    found.append({"reply": kernel.reply_to(first)})
    found.append({"reply": kernel.reply_to(second)})
    found.append(kernel.run("fine"))
    return found


def language(kernel):
    kernel.run("var ages = new Dictionary<string, int>();\n/// <summary>Two of them.</summary>\nint Twice(int n) => 2 * n;")
    kernel.ask("complete", "var y = ag")
    # Cells that are compiled after the language services have looked at the same references.
    kernel.run("display(ages.Count);")
    return {
        "variable": kernel.ask("complete", "var y = ag"),
        "member": kernel.ask("complete", "ages.Try"),
        "inside": kernel.ask("complete", "ages.Con + 1", 8),
        "astral": kernel.ask("complete", 'var s = "\U0001F600"; Twi'),
        "hover": kernel.ask("inspect", "Twice(3)", 2),
        "call": kernel.ask("inspect", "Console.WriteLine(", 18),
        "unknown": kernel.ask("inspect", "   ", 1),
        "complete": kernel.ask("is_complete", "var z = 1;"),
        "incomplete": kernel.ask("is_complete", "for (int i = 0; i < 3; i++)\n{"),
        "invalid": kernel.ask("is_complete", "int = ;"),
        "still_runs": kernel.run("display(Twice(4));"),
        "history": kernel.ask("history", raw=True, output=False, hist_access_type="tail", n=5),
        "comms": kernel.ask("comm_info"),
        "info": kernel.ask("kernel_info"),
    }


def stdin(kernel):
    return [
        kernel.run('var name = Console.ReadLine(); $"hello {name}"', answers=["Ada"]),
        kernel.run('var code = await Microsoft.DotNet.Interactive.Kernel.GetInputAsync("pin", "password"); code',
                   answers=[lambda q: f"{q['prompt']}/{q['password']}"]),
        kernel.run("Console.ReadLine()"),
    ]


def interrupt(kernel):
    """ARGUMENT: folder of ResearchKit.dll."""
    setup = kernel.run(f'#r "{sys.argv[2]}/ResearchKit.dll"\nusing ResearchKit;\nvar random = new Random(1);\n'
                       "var cloud = new WeightedPoints(Enumerable.Range(0, 3 * 1000000).Select(_ => random.NextDouble()).ToArray(), 3);\nint kept = 1;")
    say = 'Console.WriteLine("begun");'
    return {
        "setup": setup,
        "compression": kernel.interrupt_after(
            say + "kept = 2; for (int i = 0; i < 1000; i++) Compressor.Compress(cloud, new CompressionOptions { Budget = 20000, Degree = 8 });", 1.0),
        "after": kernel.run("kept"),
        "sleep": kernel.interrupt_after(say + "System.Threading.Thread.Sleep(600000);", 0.2),
        "await": kernel.interrupt_after(say + "await System.Threading.Tasks.Task.Delay(600000);", 0.2),
        "loop": kernel.interrupt_after(say + "long n = 0; while (true) { n++; }", 0.2),
        "goes_on": kernel.run("kept + 40"),
        "idle": interrupt_idle(kernel),
        "input": interrupt_input(kernel),
    }


def interrupt_idle(kernel):
    kernel.manager.interrupt_kernel()
    time.sleep(1)  # it comes by another socket than the next cell
    return kernel.run("1")


def interrupt_input(kernel):
    msg_id = kernel.client.execute("Console.ReadLine()", allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=LIMIT)
    kernel.manager.interrupt_kernel()
    return {"reply": kernel.reply_to(msg_id), "next": kernel.run("5")}


def restart(kernel):
    before = kernel.run("var kept = 3; kept")
    process = kernel.manager.provisioner.process.pid
    kernel.client.stop_channels()
    kernel.manager.restart_kernel(now=False)
    kernel.connect()
    after = kernel.run("kept")
    return {"before": before, "after": after, "new_process": kernel.manager.provisioner.process.pid != process,
            "old_gone": not os.path.exists(f"/proc/{process}")}


def two_clients(kernel):
    other = BlockingKernelClient(connection_file=kernel.manager.connection_file)
    other.load_connection_file()
    other.start_channels()
    other.wait_for_ready(timeout=LIMIT)
    a = kernel.client.execute("System.Threading.Thread.Sleep(300); \"first\"")
    b = other.execute("\"second\"")
    first = kernel.reply_to(a)
    while True:
        second = other.get_shell_msg(timeout=LIMIT)
        if second["parent_header"].get("msg_id") == b:
            break
    try:
        strayed = kernel.client.get_shell_msg(timeout=1)
    except queue.Empty:
        strayed = None
    other.stop_channels()
    return {"first": first, "second": second["content"], "strayed": strayed is not None}


def timing(kernel):
    """Seconds to the first result from the start of the process, and of 20 later cells."""
    first = kernel.run("1 + 1")
    since_start = time.monotonic() - kernel.began
    cpu = kernel.run("System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds.ToString()")
    cpu = float(cpu["outputs"][-1]["content"]["data"]["text/plain"])
    later = sorted(kernel.run(f"var v{i} = {i}; v{i}")["seconds"] for i in range(20))
    return {"start_to_first_result": since_start, "first_cell": first["seconds"], "processor_seconds": cpu, "later_median": later[10], "later_max": later[-1]}


def memory(kernel):
    """ARGUMENT: executions. Managed bytes and resident bytes after each tenth of them."""
    measure = "GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(); $\"{GC.GetTotalMemory(true)} {Environment.WorkingSet}\""
    count, found = int(sys.argv[2]), []
    for i in range(count + 1):
        if i % (count // 10) == 0:
            values = kernel.run(measure)["outputs"][-1]["content"]["data"]["text/plain"].split()
            found.append([i, int(values[0]), int(values[1])])
        kernel.run(f"var v = {i}; Console.WriteLine(v); v + 1")
    return found


def main():
    kernel = Kernel()
    try:
        print(json.dumps(globals()[sys.argv[1]](kernel)))
    finally:
        kernel.close()


main()
