using System.Net.Mime;
using System.Reflection;
using System.Text;
using Bedside.Model.Research;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Viewer.Research;

/// <summary><c>/research</c>: pages and forms without a script. They are for people, and so not in the document of the API.</summary>
internal static class ResearchEndpoint
{
    private const string Style = "research.css";

    public static void AddResearch(this IServiceCollection services)
    {
        services.AddSingleton<ResearchBox>().AddSingleton<ResearchFrame>().AddSingleton<AreaDesk>().AddSingleton<RequestDesk>().AddSingleton<StudyDesk>().AddSingleton<LinkDesk>().AddSingleton<DownloadDesk>()
            .AddSingleton<SignInDoor>();
        services.AddHostedService<ObjectionWatch>();
    }

    public static void MapResearch(this IEndpointRouteBuilder endpoints)
    {
        string style = ReadStyle();
        RouteGroupBuilder pages = endpoints.MapGroup(string.Empty).ExcludeFromDescription();
        pages.MapGet("/recherche", Public);
        pages.MapGet("/research", Public);
        pages.MapGet("/research/area", (HttpContext context, AreaDesk desk) => desk.List(context));
        RouteGroupBuilder research = pages.MapGroup("/research");
        research.MapGet("/poster", Poster);
        research.MapGet("/public-log.jsonl", LogFile);
        research.MapGet("/style.css", (HttpResponse response) =>
        {
            response.Headers.CacheControl = "no-cache";
            return TypedResults.Content(style, MediaTypeNames.Text.Css, Encoding.UTF8);
        });
        research.MapGet("/sign-in", (HttpContext context, SignInDoor door) => door.Show(context));
        research.MapPost("/sign-in", (HttpContext context, SignInDoor door, CancellationToken cancel) => WithFormAsync(context, form => door.TakeAsync(context, form, cancel), cancel)).WithMetadata(new TakesForm());
        research.MapPost("/sign-out", (HttpContext context, SignInDoor door) => door.Leave(context)).WithMetadata(new TakesForm());
        MapArea(research.MapGroup("/area"));
    }

    private static void MapArea(RouteGroupBuilder area)
    {
        area.MapGet("/availability", (HttpContext context, AreaDesk desk, CancellationToken cancel) => desk.AvailabilityAsync(context, cancel));
        area.MapGet("/availability/sample", (HttpContext context, AreaDesk desk) => desk.Sample(context));
        area.MapGet("/request", (HttpContext context, RequestDesk desk) => desk.New(context));
        area.MapPost("/request", (HttpContext context, RequestDesk desk, CancellationToken cancel) => WithFormAsync(context, form => Task.FromResult(desk.Take(context, string.Empty, form)), cancel)).WithMetadata(new TakesForm());
        area.MapGet("/{study}", (string study, HttpContext context, StudyDesk desk) => desk.Show(context, study));
        area.MapGet("/{study}/request", (string study, HttpContext context, RequestDesk desk) => desk.Edit(context, study));
        area.MapPost("/{study}/request", (string study, HttpContext context, RequestDesk desk, CancellationToken cancel) => WithFormAsync(context, form => Task.FromResult(desk.Take(context, study, form)), cancel)).WithMetadata(new TakesForm());
        area.MapPost("/{study}/steps", (string study, HttpContext context, StudyDesk desk, CancellationToken cancel) => WithFormAsync(context, form => desk.TakeAsync(context, study, form, cancel), cancel)).WithMetadata(new TakesForm());
        area.MapPost("/{study}/link", (string study, HttpContext context, DownloadDesk desk, CancellationToken cancel) => desk.LinkAsync(context, study, cancel)).WithMetadata(new TakesForm());

        // A package may take longer than any other answer; its pace has a limit of its own.
        area.MapGet("/{study}/package", (string study, HttpContext context, DownloadDesk desk, CancellationToken cancel) => desk.FetchAsync(context, study, cancel)).DisableRequestTimeout();
    }

    private static IResult Public(HttpContext context, ResearchFrame frame, ResearchBox box)
    {
        Tongue tongue = frame.TongueOf(context);
        return frame.Page(context, tongue, ResearchPlace.Public, tongue.Of("Registre public", "Public log"), page => PublicPage.Write(page, tongue, box.Studies));
    }

    private static IResult Poster(HttpContext context, ResearchFrame frame, ResearchBox box) =>
        PosterPage.Answer(frame.TongueOf(context), box.Studies, $"{context.Request.Scheme}://{context.Request.Host}{(frame.TongueOf(context).IsFrench ? "/recherche" : ResearchFrame.Root)}");

    private static IResult LogFile(HttpContext context, ResearchFrame frame, ResearchBox box, AreaDesk area)
    {
        try
        {
            return box.LogFile?.Open() is { } file
                ? TypedResults.Stream(file, "application/jsonl; charset=utf-8", "public-log.jsonl")
                : area.Refuse(context, frame.TongueOf(context), StatusCodes.Status404NotFound, new TwoTongues("Rien n’a encore été écrit dans le registre public de ce boîtier.", "Nothing was written into the public log of this box yet."));
        }
        catch (IOException)
        {
            return area.Refuse(context, frame.TongueOf(context), StatusCodes.Status503ServiceUnavailable, new TwoTongues("Le registre ne peut pas être lu maintenant.", "The log cannot be read now."));
        }
    }

    private static async Task<IResult> WithFormAsync(HttpContext context, Func<IFormCollection, Task<IResult>> take, CancellationToken cancel)
    {
        if (!context.Request.HasFormContentType)
        {
            return AreaDesk.NoForm;
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(cancel);
        }
        catch (Exception unreadable) when (unreadable is BadHttpRequestException or InvalidDataException)
        {
            return Problems.TooMuch("The form is too large or cannot be read; 64 kB is the most.");
        }

        return await take(form);
    }

    private static string ReadStyle()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Style) ?? throw new InvalidOperationException($"{Style} is not in this build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>Marks an endpoint that takes a form of a page without a script: its token is a field, because a form sends no header.</summary>
internal sealed class TakesForm;
