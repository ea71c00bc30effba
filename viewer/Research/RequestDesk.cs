using Bedside.Model.Research;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>The form of a request: shown, checked, kept as a draft.</summary>
internal sealed class RequestDesk(ResearchBox box, ResearchFrame frame, AreaDesk area)
{
    public IResult New(HttpContext context)
    {
        if ((area.Nobody(context, out Person person, out Tongue tongue) ?? (box.Studies is null ? area.NoStudies(context, tongue) : null)) is { } refusal)
        {
            return refusal;
        }

        var values = FormValues.Empty(person.Account!.Name, person.Account.Badge, box.Moment.Today);
        return Show(context, tongue, person, new RequestState(string.Empty, values, []));
    }

    public IResult Edit(HttpContext context, string id)
    {
        if (Draft(context, id, out Person person, out Tongue tongue, out Study study) is { } refusal)
        {
            return refusal;
        }

        return Show(context, tongue, person, new RequestState(study.Id, FormValues.Of(study.Request), RequestCheck.Faults(study.Request, box.Moment.Today)));
    }

    /// <summary>What was sent: checked, kept, or given more rows.</summary>
    /// <param name="id">Empty = a request that was not kept yet.</param>
    public IResult Take(HttpContext context, string id, IFormCollection form)
    {
        Person person;
        Tongue tongue;
        if (id.Length > 0)
        {
            if (Draft(context, id, out person, out tongue, out _) is { } refusal)
            {
                return refusal;
            }
        }
        else if ((area.Nobody(context, out person, out tongue) ?? (box.Studies is null ? area.NoStudies(context, tongue) : null)) is { } nobody)
        {
            return nobody;
        }

        var values = FormValues.Of(form);
        var reading = RequestReading.Of(values, box.Moment.Today);
        var state = new RequestState(id, values, reading.Faults);
        return form["action"].ToString() switch
        {
            "save" => Save(context, tongue, person, state, reading),
            "more-people" => Show(context, tongue, person, state with { Faults = [], More = FormValues.Peoples }),
            "more-signals" => Show(context, tongue, person, state with { Faults = [], More = FormValues.Signals }),
            _ => Show(context, tongue, person, state with { Said = new("La demande a été contrôlée ; rien n’a été enregistré.", "The request was checked; nothing was saved.") }),
        };
    }

    private IResult Save(HttpContext context, Tongue tongue, Person person, RequestState state, RequestReading reading)
    {
        if (reading.Request is not { } request)
        {
            TwoTongues why = new("Corrigez d’abord les jours et les nombres qui ne sont pas lisibles.", "Correct the days and numbers that cannot be read first.");
            return Show(context, tongue, person, state with { Refusal = why }, StatusCodes.Status422UnprocessableEntity);
        }

        string id = state.Study;
        try
        {
            if (id.Length == 0)
            {
                id = box.Studies!.Draft(request, person.Who, person.Account!.Roles);
            }
            else
            {
                box.Studies!.Change(id, request, person.Who);
            }
        }
        catch (StudyRefusedException refused)
        {
            return Show(context, tongue, person, state with { Refusal = refused.Sentence }, StatusCodes.Status409Conflict);
        }
        catch (IOException)
        {
            return Show(context, tongue, person, state with { Refusal = StudyDesk.Unwritten }, StatusCodes.Status503ServiceUnavailable);
        }

        if (state.Faults.Count == 0)
        {
            return StudyDesk.SeeOther(context, tongue.Link($"{ResearchFrame.Root}/area/{Uri.EscapeDataString(id)}?done=draft"));
        }

        return Show(context, tongue, person, state with { Study = id, Said = new($"Le brouillon {id} est enregistré.", $"The draft {id} is saved.") });
    }

    private IResult? Draft(HttpContext context, string id, out Person person, out Tongue tongue, out Study study)
    {
        study = null!;
        if ((area.Nobody(context, out person, out tongue) ?? area.NoStudy(context, tongue, person, id, out study)) is { } refusal)
        {
            return refusal;
        }

        StudyCourse course = box.CourseOf(study);
        return course.State == StudyState.Draft && course.Requester == person.Who
            ? null
            : area.Refuse(context, tongue, StatusCodes.Status409Conflict, new("Ce texte ne se change plus : la demande est soumise, ou elle est d’une autre personne.", "This text changes no more: the request is submitted, or it is another person’s."));
    }

    private IResult Show(HttpContext context, Tongue tongue, Person person, RequestState state, int status = StatusCodes.Status200OK) =>
        frame.Page(context, tongue, ResearchPlace.Area, tongue.Of("Demande", "Request"), page => RequestPage.Write(page, tongue, person, state), status);
}
